import { randomUUID } from "node:crypto";
import type { CreatedConnection, createConnectionSchema } from "@slotwire/contract";
import type { z } from "zod";
import { rangesOrNull } from "../../access/address-ranges.ts";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { keepMappingVersion } from "../mappings/mapping-history.ts";
import { auditValues } from "./change-connection.ts";
import { checkApiUrl } from "./check-api-url.ts";
import { chosenModes } from "./chosen-modes.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { selectConnection, toConnection } from "./connection-row.ts";
import { readSettings, requireApi } from "./connection-settings.ts";
import { needsSecret, newSecret, newUrlToken } from "./new-secret.ts";

/**
 * Connects the organisation to a source. Messages count from now on.
 * @returns it, with its secret and its address's token, which are shown this once
 * @throws SlotwireError E_VALIDATION when there is no such kind, or it has no such mode
 */
export async function createConnection(
  deps: ConnectionDeps,
  author: Author,
  input: z.output<typeof createConnectionSchema>,
): Promise<CreatedConnection> {
  const { orgId } = author;
  const modes = chosenModes(deps, input.kind, input.auth_modes);
  const secret = secretOf(deps, input, modes);
  const settings = readSettings(deps, input.kind, input.settings ?? {});
  if (input.api_key != null) requireApi(deps, input.kind);
  await checkApiUrl(deps, input.api_url);
  const token = modes.includes("url_token") ? newUrlToken() : null;
  const id = randomUUID();
  const row = await deps.db.transaction(tenant(orgId), async (tx) => {
    await tx.kysely
      .insertInto("connection")
      .values({
        org_id: orgId,
        id,
        kind: input.kind,
        name: input.name,
        origin: "user",
        auth_modes: modes,
        secret_sealed: secret === null ? null : deps.secretBox.seal(secret),
        url_token_hash: token?.hash ?? null,
        allowed_ranges: rangesOrNull(input.allowed_ranges),
        messages_per_minute: input.messages_per_minute,
        settings: JSON.stringify(settings),
        api_url: input.api_url ?? null,
        api_key_sealed: input.api_key == null ? null : deps.secretBox.seal(input.api_key),
        created_at: deps.clock.now(),
      })
      .execute();
    const mapped = { id, before: null, settings: JSON.stringify(settings) };
    await keepMappingVersion(tx, author, mapped, deps.clock);
    const created = await selectConnection(tx, orgId, id);
    await recordAudit(tx, {
      ...author,
      at: deps.clock.now(),
      action: "connection.created",
      entityId: id,
      entityName: created.name,
      new: auditValues(created),
    });
    return created;
  });
  deps.connections.forget();
  const connection = toConnection(row, deps);
  const token_url = token === null ? null : `${connection.webhook_url}/${token.token}`;
  return { ...connection, secret, token_url };
}

function secretOf(
  { connectors }: Pick<ConnectionDeps, "connectors">,
  { kind, secret }: Pick<z.output<typeof createConnectionSchema>, "kind" | "secret">,
  modes: CreatedConnection["auth_modes"],
): string | null {
  if (secret === undefined) return needsSecret(modes) ? newSecret(modes) : null;
  requireTakesSecret(connectors, kind);
  return secret;
}

/** @throws SlotwireError E_VALIDATION when a source of this kind cannot have a secret of its own */
export function requireTakesSecret(connectors: ConnectionDeps["connectors"], kind: string): void {
  if (connectors.get(kind)?.capabilities.takesSecret === true) return;
  const message = `A secret of ${kind} is always made by the hub.`;
  throw new SlotwireError("E_VALIDATION", { errors: [{ path: "secret", message }] });
}
