import { createApiKeySchema, type Scope, scopes } from "@slotwire/contract";
import { type Action, type Asker, grantOf } from "../src/access/can.ts";
import { createApiKey } from "../src/access/create-api-key.ts";
import { operator } from "../src/access/key-maker.ts";
import { mintStreamToken } from "../src/access/mint-stream-token.ts";
import { hubAuthor } from "../src/access/record-audit.ts";
import { revokeApiKey } from "../src/access/revoke-api-key.ts";
import { system } from "../src/db/database.ts";
import type { InboxFixture } from "./inbox-fixture.ts";
import { bearer, createTestKey } from "./key-fixture.ts";
import { type Caller, type Headers, nothing, type Outcome } from "./route-matrix-caller.ts";
import type { Line } from "./route-matrix.ts";
import type { World } from "./route-matrix-world.ts";
import { withKey } from "./test-hub.ts";

/** An origin that the publishable key is for. */
const page = "https://page.example";
const admin: Asker = { role: "admin", scopes: ["admin"] };

/** Keys of every kind, and what pages hold instead. */
export async function keyCallers(fixture: InboxFixture, world: World): Promise<Caller[]> {
  return [
    ...(await liveKeys(fixture, world)),
    ...(await deadKeys(fixture, world)),
    ...(await streamCallers(fixture)),
  ];
}

/** Keys that are let in somewhere. */
async function liveKeys({ hub }: InboxFixture, world: World): Promise<Caller[]> {
  const key = (name: string, held: readonly Scope[], headers: Headers): Caller => ({
    name,
    kind: "key",
    asker: { role: "admin", scopes: held },
    headers: async () => headers,
  });
  const inRange = await createTestKey(hub, hub.defaultOrgId, {
    allowed_ranges: ["10.0.0.0/8"],
    requests_per_minute: 100_000,
  });
  return [
    key("a key without the scope", ["notify:write"], await world.key(["notify:write"])),
    keyWith(world),
    key("a key in one of its ranges", ["admin"], inRange.headers),
    {
      name: "the environment's key",
      kind: "key",
      asker: { role: "admin", scopes: null },
      headers: async () => withKey,
    },
  ];
}

/** A key with the narrowest scope that opens the route. */
function keyWith(world: World): Caller {
  const made = new Map<Scope, Headers>();
  const headers = async ({ gate }: Line): Promise<Headers> => {
    const scope = typeof gate === "object" ? scopeFor(gate.action) : "admin";
    const known = made.get(scope) ?? (await world.key([scope]));
    made.set(scope, known);
    return known;
  };
  return { name: "a key with the scope", kind: "key", asker: admin, headers };
}

function scopeFor(action: Action): Scope {
  const opens = (scope: Scope): boolean =>
    grantOf({ role: "admin", scopes: [scope] }, action) !== "none";
  return scopes.find((scope) => scope !== "admin" && opens(scope)) ?? "admin";
}

/** Keys that are told that they are none, or not here: also by routes that ask for none. */
async function deadKeys({ hub }: InboxFixture, world: World): Promise<Caller[]> {
  const { defaultOrgId: orgId } = hub;
  const dead = (name: string, headers: Headers, outcome: Outcome = "401"): Caller => ({
    name,
    kind: "nobody",
    asker: nothing,
    headers: async () => headers,
    turnedAway: () => outcome,
  });
  const revoked = await createTestKey(hub, orgId);
  await revokeApiKey(hub, hubAuthor(orgId), { id: revoked.id, ownedBy: null });
  const elsewhere = await createTestKey(hub, orgId, { allowed_ranges: ["203.0.113.0/24"] });
  return [
    dead("an expired key", await world.key(["admin"], new Date(Date.now() - 1000))),
    dead("a revoked key", revoked.headers),
    dead(
      "a mistyped key",
      bearer(`${revoked.key.slice(0, -1)}${revoked.key.endsWith("a") ? "b" : "a"}`),
    ),
    dead("a key outside its ranges", elsewhere.headers, "E_KEY_ADDRESS"),
    dead("a removed developer's key", await orphan(hub, world)),
  ];
}

async function orphan(hub: InboxFixture["hub"], world: World): Promise<Headers> {
  const userId = await world.person("developer");
  const maker = { ...operator, role: "developer", userId } as const;
  const draft = createApiKeySchema.parse({ name: "An orphan", scopes: ["admin"] });
  const { key } = await createApiKey(hub, hubAuthor(hub.defaultOrgId), maker, draft);
  await hub.db.transaction(system, (tx) =>
    tx.query("DELETE FROM membership WHERE user_id = $1", [userId]),
  );
  return bearer(key);
}

/** What pages hold: a publishable key, and what opens the stream. */
async function streamCallers({ hub }: InboxFixture): Promise<Caller[]> {
  const publishable = await createTestKey(hub, hub.defaultOrgId, {
    kind: "publishable",
    scopes: ["stream:mint"],
    allowed_origins: [page],
    requests_per_minute: 100_000,
  });
  const token = await streamPermission(hub, {});
  const grant = await streamPermission(hub, { grant: true });
  return [
    {
      name: "a publishable key",
      kind: "page",
      asker: nothing,
      headers: async ({ gate }) => ({
        ...publishable.headers,
        ...(gate === "page" && { origin: page }),
      }),
    },
    { name: "a stream token", kind: "stream", asker: admin, headers: async () => bearer(token) },
    {
      name: "a grant that was not exchanged",
      kind: "nobody",
      asker: nothing,
      headers: async () => bearer(grant),
    },
  ];
}

/** A permission to read the stream, of the environment's key. */
export async function streamPermission(
  hub: InboxFixture["hub"],
  request: { readonly grant?: true },
): Promise<string> {
  const principal = {
    kind: "api_key",
    id: "environment",
    name: "The environment's key",
    role: "admin",
    orgId: hub.defaultOrgId,
    scopes: null,
    providerEmail: null,
    hideContacts: false,
    session: null,
  } as const;
  const { token } = await mintStreamToken(hub, principal, { ttl_seconds: 900, ...request });
  return token;
}
