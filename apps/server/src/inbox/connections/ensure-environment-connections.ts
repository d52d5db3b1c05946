import { randomUUID } from "node:crypto";
import type { AuthMode } from "@slotwire/contract";
import { hubAuthor, recordAudit } from "../../access/record-audit.ts";
import { tenant, type Transaction } from "../../db/database.ts";
import { openedOrNull } from "../../db/secret-box.ts";
import { sameSecret } from "../../same-secret.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { type ConnectionColumns, writeColumns } from "./change-connection.ts";
import { readSettings } from "./connection-settings.ts";
import { newSecret } from "./new-secret.ts";
import { replacedSecret } from "./rotate-connection-secret.ts";

/** A source that the default organisation is connected to from the start. */
export interface EnvironmentSource {
  readonly kind: string;
  /** The secret that the environment sets, or null when it leaves that to the hub. */
  readonly secret: string | null;
  /** Without a secret it is not made, and one that the environment made takes no more messages. */
  readonly needsSecret?: boolean;
  /** How its API is called; null or absent when the environment does not say. */
  readonly api?: { readonly key: string; readonly url: string | null } | null;
}

type Deps = Pick<InboxDeps, "db" | "clock" | "secretBox" | "connectors">;

interface Existing {
  readonly id: string;
  readonly name: string;
  readonly origin: string;
  readonly secret_sealed: Uint8Array | null;
  readonly api_url: string | null;
  readonly api_key_sealed: Uint8Array | null;
  readonly removed_at: Date | null;
}

/**
 * Makes sure that an organisation has a connection to each of the sources, whose secret is the
 * environment's. Without one in the environment it is a generated secret, which a person can
 * replace and see once. A connection keeps its id through all of it, and with it its bookings.
 * One that a person has removed comes back only when the environment sets its secret. What cannot
 * be opened is replaced: only a process that opens what is stored may call this.
 */
export async function ensureEnvironmentConnections(
  deps: Deps,
  orgId: string,
  sources: readonly EnvironmentSource[],
): Promise<void> {
  for (const source of sources) {
    await deps.db.transaction(tenant(orgId), async (tx) => {
      // Two nodes that start together must not create one each.
      await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", [
        `${orgId} ${source.kind}`,
      ]);
      const existing = await hubsOwnConnection(tx, orgId, source.kind);
      if (source.needsSecret === true && source.secret === null) {
        if (existing?.origin === "environment") await closeConnection(deps, tx, orgId, existing);
        return;
      }
      await adoptApi(deps, tx, orgId, source, existing);
      const isGone = existing === undefined || existing.removed_at !== null;
      if (!isGone) await adoptSecret(deps, tx, orgId, source, existing);
      else if (existing === undefined || source.secret !== null) {
        await createConnection(deps, tx, orgId, source);
      }
    });
  }
}

/** The environment's connection, or the one that the hub made when there was none of this kind. */
async function hubsOwnConnection(
  tx: Transaction,
  orgId: string,
  kind: string,
): Promise<Existing | undefined> {
  const [row] = await tx.query<Existing>(
    `SELECT id, name, origin, secret_sealed, api_url, api_key_sealed, removed_at FROM connection
      WHERE org_id = $1 AND kind = $2 AND origin <> 'demo'
      ORDER BY (origin = 'environment') DESC, created_at, id LIMIT 1`,
    [orgId, kind],
  );
  return row;
}

async function createConnection(
  { secretBox, connectors, clock }: Deps,
  tx: Transaction,
  orgId: string,
  { kind, secret, api = null }: EnvironmentSource,
): Promise<void> {
  const id = randomUUID();
  const name = connectors.get(kind)?.label ?? kind;
  const origin = secret === null ? "user" : "environment";
  await tx.kysely
    .insertInto("connection")
    .values({
      org_id: orgId,
      id,
      kind,
      name,
      origin,
      secret_sealed: secretBox.seal(secret ?? newSecret()),
      auth_modes: [usualMode(connectors, kind)],
      settings: JSON.stringify(readSettings({ connectors }, kind, {})),
      api_url: api?.url ?? null,
      api_key_sealed: api === null ? null : secretBox.seal(api.key),
      created_at: clock.now(),
    })
    .execute();
  await recordAudit(tx, {
    ...hubAuthor(orgId),
    at: clock.now(),
    action: "connection.created",
    entityId: id,
    entityName: name,
    new: { kind, name, origin },
  });
}

/** Whoever took the secret out of the environment wants no more messages by it. */
async function closeConnection(
  { clock }: Deps,
  tx: Transaction,
  orgId: string,
  { id, name }: Existing,
): Promise<void> {
  await writeColumns(tx, orgId, id, {
    origin: "user",
    secret_sealed: null,
    previous_secret_sealed: null,
    previous_secret_until: null,
  });
  await recordAudit(tx, {
    ...hubAuthor(orgId),
    at: clock.now(),
    entityId: id,
    entityName: name,
    action: "connection.changed",
    old: { origin: "environment", has_secret: true },
    new: { origin: "user", has_secret: false },
  });
}

function usualMode(connectors: Deps["connectors"], kind: string): AuthMode {
  return connectors.get(kind)?.capabilities.authModes[0] ?? "source_signature";
}

/** Takes over how the environment says that the source's API is called. What it leaves out stays. */
async function adoptApi(
  { secretBox, clock }: Deps,
  tx: Transaction,
  orgId: string,
  { api = null }: EnvironmentSource,
  existing: Existing | undefined,
): Promise<void> {
  if (api === null || existing === undefined || existing.removed_at !== null) return;
  const isSame = isSealed(secretBox, existing.api_key_sealed, api.key);
  if (isSame && existing.api_url === api.url) return;
  const sealed = isSame ? {} : { api_key_sealed: secretBox.seal(api.key) };
  await writeColumns(tx, orgId, existing.id, { api_url: api.url, ...sealed });
  await recordAudit(tx, {
    ...hubAuthor(orgId),
    at: clock.now(),
    entityId: existing.id,
    entityName: existing.name,
    action: "connection.changed",
    old: { api_url: existing.api_url, has_api_key: existing.api_key_sealed !== null },
    new: { api_url: api.url, has_api_key: true },
  });
}

async function adoptSecret(
  deps: Deps,
  tx: Transaction,
  orgId: string,
  source: EnvironmentSource,
  existing: Existing,
): Promise<void> {
  const origin = source.secret === null ? "user" : "environment";
  const mode = usualMode(deps.connectors, source.kind);
  const audit = {
    ...hubAuthor(orgId),
    at: deps.clock.now(),
    entityId: existing.id,
    entityName: existing.name,
  };
  if (existing.origin !== origin) {
    await writeColumns(tx, orgId, existing.id, originColumns(origin, mode));
    const change = { old: { origin: existing.origin }, new: { origin } };
    await recordAudit(tx, { ...audit, action: "connection.changed", ...change });
  }
  if (source.secret === null) return;
  if (isSealed(deps.secretBox, existing.secret_sealed, source.secret)) return;
  const columns = replacedSecret(deps, existing.secret_sealed, source.secret);
  await writeColumns(tx, orgId, existing.id, columns);
  await recordAudit(tx, { ...audit, action: "connection.secret_rotated" });
}

/** What nobody can change of the environment's connection has to be as it is documented. */
function originColumns(origin: "environment" | "user", mode: AuthMode): ConnectionColumns {
  if (origin === "user") return { origin };
  return {
    origin,
    auth_modes: [mode],
    url_token_hash: null,
    previous_url_token_hash: null,
    previous_url_token_until: null,
  };
}

/** Whether the sealed secret is this one. What cannot be opened any more is another one. */
function isSealed(box: Deps["secretBox"], sealed: Uint8Array | null, secret: string): boolean {
  const opened = sealed === null ? null : openedOrNull(box, sealed);
  return opened !== null && sameSecret(opened, secret);
}
