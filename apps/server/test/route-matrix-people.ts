import { createApiKeySchema, type Role, roles } from "@slotwire/contract";
import { createApiKey } from "../src/access/create-api-key.ts";
import { operator } from "../src/access/key-maker.ts";
import { hubAuthor } from "../src/access/record-audit.ts";
import { SESSION_IDLE } from "../src/access/session-lifetime.ts";
import { system } from "../src/db/database.ts";
import type { InboxFixture } from "./inbox-fixture.ts";
import { type Caller, type Headers, nothing } from "./route-matrix-caller.ts";
import type { Line } from "./route-matrix.ts";
import { makeTask, type World } from "./route-matrix-world.ts";
import { createTestOrganisation } from "./test-database.ts";
import { withKey } from "./test-hub.ts";

/** Nobody, people of every role, and people who are no longer let in. */
export async function peopleCallers(fixture: InboxFixture, world: World): Promise<Caller[]> {
  const { orgId: elsewhere } = await createTestOrganisation(fixture.hub.db);
  const people = [];
  for (const role of roles) people.push(await signedIn(world, role, "person", role));
  return [
    { name: "nobody", kind: "nobody", asker: nothing, headers: async () => ({}) },
    await signedIn(world, "a member of another organisation", "stranger", "owner", elsewhere),
    ...people,
    await staffWithOwn(fixture, world),
    await developerWithOwn(fixture, world),
    await personWithOwnSession(world),
    await fromAnotherSite(world),
    ...endedSessions(fixture, world),
  ];
}

async function signedIn(
  world: World,
  name: string,
  kind: "person" | "stranger",
  role: Role,
  orgId?: string,
): Promise<Caller> {
  const usual = await world.browser(await world.person(role, orgId), orgId);
  // What changes or ends sessions, all of the person's perhaps, is done by another one.
  const twin = await world.person(role, orgId);
  const headers = async ({ gate }: Line): Promise<Headers> =>
    typeof gate === "object" ? usual : world.browser(twin, orgId);
  return { name, kind, asker: { role, scopes: null }, headers };
}

/** Staff, asking for bookings of which they are the provider. */
async function staffWithOwn({ app, hub }: InboxFixture, world: World): Promise<Caller> {
  const userId = await world.person("staff");
  const booking = async (): Promise<string> => {
    const answer = await app.inject({
      method: "POST",
      url: "/api/v1/bookings",
      headers: withKey,
      payload: {
        starts_at: "2026-06-01T08:00:00Z",
        ends_at: "2026-06-01T09:00:00Z",
        provider: { email: `${userId}@example.com` },
      },
    });
    return answer.json<{ id: string }>().id;
  };
  return {
    name: "staff with an own booking",
    kind: "person",
    asker: { role: "staff", scopes: null },
    headers: () => world.browser(userId),
    own: { booking, task: async () => makeTask(hub, hub.defaultOrgId, await booking()) },
  };
}

/** A developer, asking for keys that they made. */
async function developerWithOwn({ hub }: InboxFixture, world: World): Promise<Caller> {
  const userId = await world.person("developer");
  const maker = { ...operator, role: "developer", userId } as const;
  const draft = createApiKeySchema.parse({ name: "One's own", scopes: ["bookings:read"] });
  return {
    name: "a developer with an own key",
    kind: "person",
    asker: { role: "developer", scopes: null },
    headers: () => world.browser(userId),
    own: {
      apiKey: async () => (await createApiKey(hub, hubAuthor(hub.defaultOrgId), maker, draft)).id,
    },
  };
}

/** Somebody of the smallest role, asking for a session of their own. */
async function personWithOwnSession(world: World): Promise<Caller> {
  const userId = await world.person("accountant");
  return {
    name: "somebody with another session",
    kind: "person",
    asker: { role: "accountant", scopes: null },
    headers: () => world.browser(userId),
    own: { session: () => world.session(userId) },
  };
}

/** The owner's browser, made to send a request by another site's page. */
async function fromAnotherSite(world: World): Promise<Caller> {
  const owner = await signedIn(world, "an owner, by another site's page", "person", "owner");
  return {
    ...owner,
    headers: async (line) => ({ ...(await owner.headers(line)), "sec-fetch-site": "cross-site" }),
    // Of all that only reads, the stream alone answers other sites' pages: not by the cookie.
    turnedAway: ({ method, path }) =>
      method === "GET" && path !== "/api/v1/stream" ? null : "E_CROSS_SITE",
  };
}

/** People whose browsers still send the cookie of a session that counts no more. */
function endedSessions({ hub }: InboxFixture, world: World): Caller[] {
  const change = (sql: string, ...values: readonly unknown[]): Promise<unknown> =>
    hub.db.transaction(system, (tx) => tx.query(sql, values));
  // A session of a new person for each request: some requests end it, and what is seen to have
  // ended is removed.
  const ended = (name: string, end: (userId: string) => Promise<unknown>): Caller => ({
    name,
    kind: "nobody",
    asker: nothing,
    headers: async () => {
      const userId = await world.person("owner");
      const headers = await world.browser(userId);
      await end(userId);
      return headers;
    },
  });
  const ago = (age: number): Date => new Date(hub.clock.now().getTime() - age);
  return [
    ended("a removed member", (id) => change("DELETE FROM membership WHERE user_id = $1", id)),
    ended("a disabled user", (id) =>
      change("UPDATE app_user SET disabled_at = now() WHERE id = $1", id),
    ),
    ended("somebody whose session was revoked", (id) =>
      change("DELETE FROM session WHERE user_id = $1", id),
    ),
    ended("an idle session", (id) =>
      change("UPDATE session SET last_seen_at = $2 WHERE user_id = $1", id, ago(SESSION_IDLE)),
    ),
    ended("a session after its last day", (id) =>
      change("UPDATE session SET expires_at = $2 WHERE user_id = $1", id, ago(0)),
    ),
  ];
}
