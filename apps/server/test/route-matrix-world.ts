import { randomBytes, randomUUID } from "node:crypto";
import {
  type BookingResource,
  type CreatedFeed,
  createDestinationSchema,
  type CustomerDetail,
  type ReplayResource,
  type Role,
  type Scope,
  type SubjectResource,
} from "@slotwire/contract";
import { newApiKey } from "../src/access/api-key-format.ts";
import { createSignInLink } from "../src/access/create-sign-in-link.ts";
import { hubAuthor, noOrigin } from "../src/access/record-audit.ts";
import { signIn } from "../src/access/sign-in.ts";
import { system, tenant } from "../src/db/database.ts";
import { uuid7 } from "../src/db/uuid7.ts";
import { createDestination } from "../src/destinations/create-destination.ts";
import { createDestinationDeps } from "../src/destinations/destination-deps.ts";
import { calcomFixture } from "../src/connectors/calcom/fixtures.ts";
import type { InboxFixture } from "./inbox-fixture.ts";
import { password } from "./route-matrix.ts";
import { createTestConnection } from "./test-database.ts";
import { withKey } from "./test-hub.ts";

/** What a path's id can be of. */
export type Thing =
  | "booking"
  | "command"
  | "customer"
  | "subject"
  | "destination"
  | "delivery"
  | "replay"
  | "connection"
  | "mappedConnection"
  | "reconcileRun"
  | "message"
  | "reprocessJob"
  | "alert"
  | "member"
  | "invitation"
  | "apiKey"
  | "session"
  | "feed"
  | "lead"
  | "task";

/** One organisation that has one of everything, and ways to make more. */
export interface World {
  /** Makes a thing of the organisation. @returns its id */
  make(thing: Thing): Promise<string>;
  /** Makes a person of the organisation (or another one), who has the matrix's password. */
  person(role: Role, orgId?: string): Promise<string>;
  /** Begins a session of a person's. @returns its id */
  session(userId: string): Promise<string>;
  /** Signs a person in anew. @returns the headers of a browser with the session's cookie */
  browser(userId: string, orgId?: string): Promise<Record<string, string>>;
  /** Makes an API key of an admin. @returns the headers of a program that has it */
  key(scopes: readonly Scope[], expiresAt?: Date): Promise<Record<string, string>>;
}

/** The world of the hub's default organisation. */
export async function matrixWorld(fixture: InboxFixture): Promise<World> {
  const { hub } = fixture;
  const orgId = hub.defaultOrgId;
  const people = await peopleOf(fixture);
  const deps = createDestinationDeps(hub, true);
  const destination = async (): Promise<string> => {
    const input = { name: `Made ${randomUUID()}`, url: "http://127.0.0.1:9/" } as const;
    const whole = createDestinationSchema.parse({
      ...input,
      payload_mode: "full",
      ordering: "none",
    });
    const made = await createDestination(deps, hubAuthor(orgId), whole);
    return made.id;
  };
  await destination();
  const post = (url: string, payload: object) =>
    fixture.app.inject({ method: "POST", url, headers: withKey, payload });
  const book = async (): Promise<string> => {
    const times = { starts_at: "2026-06-01T08:00:00Z", ends_at: "2026-06-01T09:00:00Z" };
    const answer = await post("/api/v1/bookings", times);
    return answer.json<BookingResource>().id;
  };
  /** Books, and gives up telling of it. */
  const exhausted = async (): Promise<{ id: string; bookingId: string }> => {
    const bookingId = await book();
    const [row] = await hub.db.transaction(tenant(orgId), (tx) =>
      tx.query<{ id: string }>(
        `UPDATE delivery SET status = 'exhausted', next_attempt_at = NULL
          WHERE booking_id = $1 RETURNING id`,
        [bookingId],
      ),
    );
    return { id: found(row).id, bookingId };
  };
  const customer = async (): Promise<string> => {
    const answer = await post("/api/v1/customers", { name: "Somebody" });
    return answer.json<CustomerDetail>().id;
  };

  const session = async (userId: string): Promise<string> => {
    const { token } = await people.session(userId, orgId);
    const [row] = await hub.db.transaction(system, (tx) =>
      tx.query<{ id: string }>(
        "SELECT id FROM session WHERE token_hash = sha256(convert_to($1, 'UTF8'))",
        [token],
      ),
    );
    return found(row).id;
  };

  const makers: Readonly<Record<Thing, () => Promise<string>>> = {
    booking: book,
    async command() {
      const bookingId = await book();
      const { connectionId } = await createTestConnection(hub.db, orgId);
      const id = uuid7();
      await hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `INSERT INTO command (org_id, id, booking_id, connection_id, kind, expected_version,
                                idempotency_key, requested_by_kind, next_attempt_at, expires_at)
           VALUES ($1, $2, $3, $4, 'cancel', 1, $5, 'user', now(), now() + interval '15 minutes')`,
          [orgId, id, bookingId, connectionId, id],
        ),
      );
      return id;
    },
    customer,
    async subject() {
      const payload = { customer_id: await customer(), name: "Rex" };
      const answer = await post("/api/v1/subjects", payload);
      return answer.json<SubjectResource>().id;
    },
    destination,
    async replay() {
      const { bookingId } = await exhausted();
      const payload = { filter: { booking_id: bookingId }, rate_per_second: 0.1, dry_run: false };
      const answer = await post("/api/v1/deliveries/replay", payload);
      return answer.json<ReplayResource>().id;
    },
    delivery: async () => (await exhausted()).id,
    async connection() {
      const { connectionId } = await createTestConnection(hub.db, orgId);
      await hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `UPDATE connection
              SET auth_modes = '{source_signature,url_token}', url_token_hash = sha256('unknown')
            WHERE id = $1`,
          [connectionId],
        ),
      );
      return connectionId;
    },
    async mappedConnection() {
      const { connectionId } = await createTestConnection(hub.db, orgId, { kind: "generic" });
      return connectionId;
    },
    async reconcileRun() {
      const { connectionId } = await createTestConnection(hub.db, orgId);
      const id = uuid7();
      await hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `INSERT INTO reconcile_run (org_id, id, connection_id, trigger, window_from, window_to,
                                      created_at)
           VALUES ($1, $2, $3, 'manual', now(), now() + interval '1 day', now())`,
          [orgId, id, connectionId],
        ),
      );
      return id;
    },
    async message() {
      const { body } = await fixture.send(
        calcomFixture("booking_created", { uid: randomBytes(8).toString("hex") }),
      );
      return body.message_id;
    },
    async reprocessJob() {
      const id = uuid7();
      await hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `INSERT INTO reprocess_job (org_id, id, filter, total, requested_by, created_at)
           VALUES ($1, $2, '{}', 0, 'Somebody', now())`,
          [orgId, id],
        ),
      );
      return id;
    },
    async alert() {
      const id = uuid7();
      const { connectionId } = await createTestConnection(hub.db, orgId);
      await hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `INSERT INTO alert (org_id, id, kind, connection_id, key, severity, opened_at,
                              last_seen_at)
           VALUES ($1, $2, 'message_failed', $3, $2::uuid::text, 'warning', now(), now())`,
          [orgId, id, connectionId],
        ),
      );
      return id;
    },
    member: () => people.person("staff"),
    async invitation() {
      const id = uuid7();
      await hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `INSERT INTO invitation (org_id, id, email, role, token_hash, created_at, expires_at)
           VALUES ($1, $2, $3, 'staff', $4, $5, $6)`,
          [
            orgId,
            id,
            `${id}@example.com`,
            randomBytes(32),
            hub.clock.now(),
            inAWeek(hub.clock.now()),
          ],
        ),
      );
      return id;
    },
    apiKey: async () => (await people.keyRow(["bookings:read"], null)).id,
    session: () => session(fixture.ownerId),
    async feed() {
      const answer = await post("/api/v1/feeds", { name: "Everybody's week" });
      return answer.json<CreatedFeed>().id;
    },
    async lead() {
      const id = uuid7();
      await hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `INSERT INTO lead (org_id, id, title, service_key, stage, source, estimated_value_minor,
                             currency, score, dedupe_key, last_activity_at)
           VALUES ($1, $2, 'A lead', 'workshop', 'NEW', 'BookMe', 0, 'SEK', 0, $2::uuid::text, now())`,
          [orgId, id],
        ),
      );
      return id;
    },
    task: async () => makeTask(hub, orgId, await book()),
  };
  return {
    make: (thing) => makers[thing](),
    person: (role, at) => people.person(role, at),
    session,
    browser: async (userId, at = orgId) => {
      const { token } = await people.session(userId, at);
      return { cookie: `slotwire_session=${token}`, "sec-fetch-site": "same-origin" };
    },
    key: async (scopes, expiresAt) => ({
      authorization: `Bearer ${(await people.keyRow(scopes, expiresAt ?? null)).key}`,
    }),
  };
}

async function peopleOf({ hub, ownerId }: InboxFixture) {
  const hash = await hub.passwords.hash(password);
  return {
    async person(role: Role, orgId = hub.defaultOrgId): Promise<string> {
      const id = randomUUID();
      await hub.db.transaction(system, async (tx) => {
        await tx.query(
          `INSERT INTO app_user (id, name, email, password_hash, password_changed_at)
           VALUES ($1, $2, $3, $4, now())`,
          [id, `A ${role}`, `${id}@example.com`, hash],
        );
        await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, $3)", [
          orgId,
          id,
          role,
        ]);
      });
      return id;
    },
    async session(userId: string, orgId: string): Promise<{ token: string }> {
      const { token } = await createSignInLink(hub, { userId, orgId });
      return signIn(hub, token, { origin: noOrigin, replaces: null });
    },
    async keyRow(scopes: readonly Scope[], expiresAt: Date | null) {
      const { key, prefix, hash: keyHash } = newApiKey("secret", "live");
      const id = uuid7();
      await hub.db.transaction(tenant(hub.defaultOrgId), (tx) =>
        tx.query(
          `INSERT INTO api_key (org_id, id, name, kind, prefix, key_hash, role, scopes,
                                requests_per_minute, expires_at, created_by, created_at)
           VALUES ($1, $2, 'A key', 'secret', $3, $4, 'admin', $5, 100000, $6, $7, $8)`,
          [hub.defaultOrgId, id, prefix, keyHash, scopes, expiresAt, ownerId, hub.clock.now()],
        ),
      );
      return { id, key };
    },
  };
}

/** Makes what somebody has to do because of a booking. @returns its id */
export async function makeTask(
  { db }: Pick<InboxFixture["hub"], "db">,
  orgId: string,
  bookingId: string,
): Promise<string> {
  const id = uuid7();
  await db.transaction(tenant(orgId), (tx) =>
    tx.query(
      `INSERT INTO task (org_id, id, booking_id, title, due_at, priority)
       VALUES ($1, $2, $3, 'Send what was promised', now(), 'medium')`,
      [orgId, id, bookingId],
    ),
  );
  return id;
}

const inAWeek = (now: Date): Date => new Date(now.getTime() + 7 * 86_400_000);

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error("the row that was just made is not there");
  return row;
}
