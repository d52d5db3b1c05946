import { randomUUID } from "node:crypto";
import { tenant, type Transaction } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { newSecret } from "./new-secret.ts";
import { replaceSecret } from "./rotate-connection-secret.ts";

/** A source that the default organisation is connected to from the start. */
export interface EnvironmentSource {
  readonly kind: string;
  /** The secret that the environment sets, or null when it leaves that to the hub. */
  readonly secret: string | null;
}

type Deps = Pick<InboxDeps, "db" | "clock" | "secretBox" | "connectors">;

interface Existing {
  readonly id: string;
  readonly origin: string;
  readonly secret_sealed: Uint8Array | null;
}

/**
 * Makes sure that an organisation has a connection to each of the sources, whose secret is the
 * environment's. Without one in the environment it is a generated secret, which a person can
 * replace and see once. A connection keeps its id through all of it, and with it its bookings.
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
      const existing = await firstConnection(tx, orgId, source.kind);
      if (existing === undefined) await createConnection(deps, tx, orgId, source);
      else await adoptSecret(deps, tx, orgId, source, existing);
    });
  }
}

async function firstConnection(
  tx: Transaction,
  orgId: string,
  kind: string,
): Promise<Existing | undefined> {
  return tx.kysely
    .selectFrom("connection")
    .select(["id", "origin", "secret_sealed"])
    .where("org_id", "=", orgId)
    .where("kind", "=", kind)
    .where("origin", "<>", "demo")
    .orderBy("created_at")
    .orderBy("id")
    .executeTakeFirst();
}

async function createConnection(
  { secretBox, connectors, clock }: Deps,
  tx: Transaction,
  orgId: string,
  { kind, secret }: EnvironmentSource,
): Promise<void> {
  await tx.kysely
    .insertInto("connection")
    .values({
      org_id: orgId,
      id: randomUUID(),
      kind,
      name: connectors.get(kind)?.label ?? kind,
      origin: secret === null ? "user" : "environment",
      secret_sealed: secretBox.seal(secret ?? newSecret()),
      created_at: clock.now(),
    })
    .execute();
}

async function adoptSecret(
  { secretBox, clock }: Deps,
  tx: Transaction,
  orgId: string,
  { secret }: EnvironmentSource,
  existing: Existing,
): Promise<void> {
  const origin = secret === null ? "user" : "environment";
  if (existing.origin !== origin) {
    await tx.kysely
      .updateTable("connection")
      .set({ origin })
      .where("org_id", "=", orgId)
      .where("id", "=", existing.id)
      .execute();
  }
  if (secret === null || isSealed(secretBox, existing.secret_sealed, secret)) return;
  const sealed = secretBox.seal(secret);
  await replaceSecret(tx, { orgId, id: existing.id, sealed, now: clock.now() });
}

/** Whether the sealed secret is this one. What cannot be opened any more is another one. */
function isSealed(box: Deps["secretBox"], sealed: Uint8Array | null, secret: string): boolean {
  if (sealed === null) return false;
  try {
    return box.open(sealed) === secret;
  } catch (error) {
    if (error instanceof SlotwireError && error.code === "E_SECRET_UNREADABLE") return false;
    throw error;
  }
}
