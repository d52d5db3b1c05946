import type { DeliveryAttemptResource } from "@slotwire/contract";
import type { Author } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { type Answer, attemptColumns } from "./answer.ts";
import { auditDestination } from "./audit-destination.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { openKeys } from "./destination-keys.ts";
import { type DestinationRow, found, selectDestination } from "./destination-row.ts";
import { profiles } from "./profiles/profiles.ts";
import { createSender, type OutgoingRequest } from "./send.ts";

/**
 * Sends one signed trial to a destination now, also while it is paused or disabled. It speaks of
 * no booking, is not repeated and no delivery; the audit log keeps who sent it.
 * @returns how the attempt ended
 * @throws SlotwireError E_NOT_FOUND
 */
export async function sendTest(
  deps: DestinationDeps,
  by: Author,
  id: string,
): Promise<DeliveryAttemptResource> {
  const at = deps.clock.now();
  const row = await deps.db.transaction(tenant(by.orgId), async (tx) => {
    const fresh = found(await selectDestination(tx, id).executeTakeFirst());
    await auditDestination(tx, by, at, "tested", { old: fresh, fresh });
    return fresh;
  });
  const answer = await trySending(deps, testRequest(deps, row, at));
  return { no: 1, at: at.toISOString(), batch_delivery_ids: null, ...attemptColumns(answer) };
}

function testRequest(
  { secretBox }: DestinationDeps,
  row: DestinationRow,
  at: Date,
): OutgoingRequest {
  const profile = profiles[row.profile as keyof typeof profiles];
  const payloadMode = row.payload_mode === "full" ? "full" : "thin";
  const { body, headers } = profile.encodeTest({ id: row.id, name: row.name, payloadMode }, at);
  const keys = openKeys(secretBox, row, at);
  const signature = keys.sign(`msg_test_${uuid7()}`, at, body);
  return {
    url: row.url,
    body,
    headers: { ...headers, ...keys.headers, ...signature },
    secretHeaders: Object.keys(keys.headers),
  };
}

async function trySending(deps: DestinationDeps, outgoing: OutgoingRequest): Promise<Answer> {
  const sender = createSender(deps);
  try {
    return await sender.send(outgoing);
  } finally {
    await sender.close();
  }
}
