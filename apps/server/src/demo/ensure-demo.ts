import { randomUUID } from "node:crypto";
import { DEMO_SLUG } from "../access/demo-slug.ts";
import { system, tenant, type Transaction } from "../db/database.ts";
import { newSecret as newSigningSecret } from "../destinations/new-secret.ts";
import type { Hub } from "../http/app.types.ts";
import { newSecret } from "../inbox/connections/new-secret.ts";
import { TIME_ZONE } from "./calcom-bodies.ts";

export const DEMO_NAME = "Fluffy Paws (demo)";
const DEMO_RECEIVER = "Demo receiver";
/** The source may be made to post some hundred messages a second, and several times as often. */
const MESSAGES_PER_MINUTE = 100_000;

/** What the demo has in the database; it is made once and found again by every later start. */
export interface DemoRows {
  readonly orgId: string;
  readonly connectionId: string;
  /** What the simulated Cal.com signs with. */
  readonly connectionSecret: string;
  readonly destinationId: string;
  /** What the hub signs with for the demo's receiver. */
  readonly destinationSecret: string;
}

/**
 * Makes sure that there is a demo organisation, apart from everybody's own data, with a Cal.com
 * connection and a destination. Whoever owns the default organisation owns this one too.
 * @param receiverUrl where the destination points from now on
 * @throws SlotwireError E_SECRET_UNREADABLE when the secrets were sealed under another master key
 */
export async function ensureDemo(hub: Hub, receiverUrl: string): Promise<DemoRows> {
  const orgId = await hub.db.transaction(system, (tx) => ensureOrganisation(tx, hub.defaultOrgId));
  const rows = await hub.db.transaction(tenant(orgId), async (tx) => {
    // Two nodes that start together must not create one each.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", [orgId]);
    return {
      connection: await ensureConnection(hub, tx, orgId),
      destination: await ensureDestination(hub, tx, orgId, receiverUrl),
    };
  });
  const { connection, destination } = rows;
  return {
    orgId,
    connectionId: connection.id,
    connectionSecret: hub.secretBox.open(connection.sealed),
    destinationId: destination.id,
    destinationSecret: hub.secretBox.open(destination.sealed),
  };
}

/** Lets the destination rest: its receiver ends with the demo. */
export async function pauseDemoDestination(
  { db }: Pick<Hub, "db">,
  { orgId, destinationId }: DemoRows,
): Promise<void> {
  await db.transaction(tenant(orgId), (tx) =>
    tx.kysely
      .updateTable("destination")
      .set({ status: "paused" })
      .where("org_id", "=", orgId)
      .where("id", "=", destinationId)
      .execute(),
  );
}

async function ensureOrganisation(tx: Transaction, defaultOrgId: string): Promise<string> {
  await tx.query(
    `INSERT INTO organisation (id, slug, name, time_zone)
     VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING`,
    [randomUUID(), DEMO_SLUG, DEMO_NAME, TIME_ZONE],
  );
  const [organisation] = await tx.query<{ id: string }>(
    "SELECT id FROM organisation WHERE slug = $1",
    [DEMO_SLUG],
  );
  if (organisation === undefined) throw new Error("the demo organisation was not created");
  await tx.query(
    `INSERT INTO membership (org_id, user_id, role)
     SELECT $1, user_id, role FROM membership WHERE org_id = $2 AND role = 'owner'
     ON CONFLICT DO NOTHING`,
    [organisation.id, defaultOrgId],
  );
  return organisation.id;
}

interface SealedRow {
  readonly id: string;
  readonly sealed: Uint8Array;
}

async function ensureConnection(hub: Hub, tx: Transaction, orgId: string): Promise<SealedRow> {
  const existing = await tx.kysely
    .selectFrom("connection")
    .select(["id", "secret_sealed"])
    .where("org_id", "=", orgId)
    .where("origin", "=", "demo")
    .where("removed_at", "is", null)
    .executeTakeFirst();
  if (existing !== undefined && existing.secret_sealed !== null) {
    return { id: existing.id, sealed: existing.secret_sealed };
  }
  const row = { id: randomUUID(), sealed: hub.secretBox.seal(newSecret()) };
  await tx.kysely
    .insertInto("connection")
    .values({
      org_id: orgId,
      id: row.id,
      kind: "calcom",
      name: "Cal.com (simulated)",
      origin: "demo",
      secret_sealed: row.sealed,
      messages_per_minute: MESSAGES_PER_MINUTE,
      created_at: hub.clock.now(),
    })
    .execute();
  return row;
}

async function ensureDestination(
  hub: Hub,
  tx: Transaction,
  orgId: string,
  url: string,
): Promise<SealedRow> {
  const existing = await tx.kysely
    .updateTable("destination")
    .set({ url, status: "active", disabled_reason: null })
    .where("org_id", "=", orgId)
    .where("origin", "=", "demo")
    .where("deleted_at", "is", null)
    .returning(["id", "secret_sealed as sealed"])
    .executeTakeFirst();
  if (existing !== undefined) return existing;
  const row = { id: randomUUID(), sealed: hub.secretBox.seal(newSigningSecret()) };
  await tx.kysely
    .insertInto("destination")
    .values({
      org_id: orgId,
      id: row.id,
      name: DEMO_RECEIVER,
      url,
      profile: "standard",
      event_types: ["*"],
      payload_mode: "full",
      ordering: "per_booking",
      origin: "demo",
      secret_sealed: row.sealed,
      created_at: hub.clock.now(),
    })
    .execute();
  return row;
}
