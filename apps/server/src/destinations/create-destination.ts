import type { CreateDestination, DestinationWithSecret } from "@slotwire/contract";
import type { Author } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { auditDestination } from "./audit-destination.ts";
import { checkAddress } from "./check-address.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { keyColumns, settingColumns } from "./destination-columns.ts";
import { toDestination } from "./destination-row.ts";
import { nameIsFree } from "./name-is-free.ts";
import { newSecret } from "./new-secret.ts";
import { refuseAlertsOnly } from "./refuse-alerts-only.ts";
import { refuseBatches } from "./refuse-batches.ts";
import { refuseRevealing } from "./refuse-revealing.ts";
import { refuseUnknownConnections } from "./refuse-unknown-connections.ts";
import { refuseUnknownMode } from "./refuse-unknown-mode.ts";
import { withDefaults } from "./with-defaults.ts";

/**
 * Creates a destination. It hears of every event of its types from now on.
 * @param by whose organisation it is for, and who the audit log names
 * @param mayReveal whether the author is shown customers' contact data, and may send it on
 * @returns it, with the signing secret, which is shown this once
 * @throws SlotwireError E_VALIDATION when its profile does not know the payload mode, batches or alerts
 * @throws SlotwireError E_DESTINATION_ADDRESS when the URL points into a private network
 * @throws SlotwireError E_DESTINATION_NAME when the name is taken
 * @throws SlotwireError E_FORBIDDEN when it would reveal what the author is not shown
 */
export async function createDestination(
  { db, clock, secretBox, policy, resolve }: DestinationDeps,
  by: Author,
  input: CreateDestination,
  mayReveal = true,
): Promise<DestinationWithSecret> {
  const whole = withDefaults(input);
  const { profile, key, ...settings } = whole;
  refuseUnknownMode(whole);
  refuseBatches(whole);
  refuseAlertsOnly(whole);
  if (!mayReveal) refuseRevealing(null, whole);
  await checkAddress(input.url, policy, resolve);
  const secret = newSecret();
  const row = await nameIsFree(input.name, () =>
    db.transaction(tenant(by.orgId), async (tx) => {
      await refuseUnknownConnections(tx, whole.filter);
      const created = await tx.kysely
        .insertInto("destination")
        .values({
          org_id: by.orgId,
          id: uuid7(),
          ...settingColumns(settings),
          ...keyColumns(secretBox, profile, key),
          profile,
          origin: "user",
          secret_sealed: secretBox.seal(secret),
          created_at: clock.now(),
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await auditDestination(tx, by, clock.now(), "created", { old: null, fresh: created });
      return created;
    }),
  );
  return { ...toDestination(row), secret };
}
