import { randomUUID } from "node:crypto";
import type {
  ApiKeyResource,
  AuditEntry,
  CreateApiKey,
  CreatedApiKey,
  List,
  RevokedKeys,
} from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer, createTestKey, createTestMember } from "../../test/key-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";
import { newApiKey } from "../access/api-key-format.ts";
import { KeyDirectory } from "../access/key-directory.ts";
import { ManualClock } from "../clock.ts";
import { type Database, system, tenant } from "../db/database.ts";
import { createLocalWake } from "../db/local-wake.ts";
import { buildApp } from "./build-app.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

let testHub: TestHub;
const clock = new ManualClock("2026-03-02T12:00:00Z");
/** What the hub asked the database, by the names of statements. */
let asked: string[] = [];
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

/** The same hub as another node: it remembers by itself, and notes what it asks. */
async function secondNode() {
  const { hub } = testHub;
  const wake = createLocalWake(0);
  const db: Database = {
    ...hub.db,
    transaction: (scope, work) =>
      hub.db.transaction(scope, (tx) =>
        work({
          ...tx,
          query: (statement, values) => {
            asked.push(typeof statement === "string" ? statement : statement.name);
            return tx.query(statement, values);
          },
        }),
      ),
  };
  asked = [];
  const node = { ...hub, db, wake, keys: new KeyDirectory({ db, clock, wake }) };
  return { app: await buildApp(node, { dashboardFolder: "/no-dashboard" }), wake };
}

const newOrg = async (): Promise<string> => (await createTestOrganisation(testHub.hub.db)).orgId;
const key = (orgId: string, draft: Partial<CreateApiKey> = {}) =>
  createTestKey(testHub.hub, orgId, draft);
const read = (headers: Record<string, string>, url = "/api/v1/api-keys", remoteAddress?: string) =>
  testHub.app.inject({ url, headers, ...(remoteAddress === undefined ? {} : { remoteAddress }) });
const make = (headers: Record<string, string>, draft: Partial<CreateApiKey> = {}) =>
  testHub.app.inject({
    method: "POST",
    url: "/api/v1/api-keys",
    headers,
    payload: { name: "A key", scopes: ["bookings:read"], ...draft },
  });
const revoke = (headers: Record<string, string>, id: string) =>
  testHub.app.inject({ method: "DELETE", url: `/api/v1/api-keys/${id}`, headers });
const namesIn = async (headers: Record<string, string>): Promise<string[]> =>
  (await read(headers)).json<List<ApiKeyResource>>().data.map(({ name }) => name);

describe("a key is let in", () => {
  test("as its organisation's, and shows no other's", async () => {
    const [mine, theirs] = [await newOrg(), await newOrg()];
    const { headers } = await key(mine, { name: "Mine" });
    await key(theirs, { name: "Theirs" });
    expect((await read(headers)).statusCode).toBe(200);
    expect(await namesIn(headers)).toEqual(["Mine"]);
  });

  test("only when it has the scope", async () => {
    const { headers } = await key(await newOrg(), { scopes: ["bookings:read"] });
    expect((await read(headers, "/api/v1/bookings")).statusCode).toBe(200);
    expect((await read(headers)).json()).toMatchObject({ status: 403, code: "E_FORBIDDEN" });
  });

  test("only when it is known, typed correctly and not revoked", async () => {
    const orgId = await newOrg();
    const { key: text, id, headers } = await key(orgId);
    const forged = newApiKey("secret", "live").key;
    const mistyped = `${text.slice(0, -1)}${text.endsWith("A") ? "B" : "A"}`;
    for (const wrong of [forged, mistyped, text.slice(0, -1), `${text}x`, "sw_sk_live_", ""]) {
      const answer = await read({ authorization: `Bearer ${wrong}` });
      expect(answer.json(), wrong).toMatchObject({ status: 401, code: "E_UNAUTHENTICATED" });
      expect(answer.headers["www-authenticate"]).toBe("Bearer");
    }
    expect((await read(headers)).statusCode).toBe(200);
    expect((await revoke(headers, id)).statusCode).toBe(200);
    expect((await read(headers)).json()).toMatchObject({ status: 401, code: "E_UNAUTHENTICATED" });
  });

  test("until it expires, and is told that it has", async () => {
    const expires_at = new Date(clock.now().getTime() + MINUTE).toISOString();
    const { headers } = await key(await newOrg(), { expires_at });
    clock.advance(MINUTE - 1);
    expect((await read(headers)).statusCode).toBe(200);
    clock.advance(1);
    const over = await read(headers);
    expect(over.json()).toMatchObject({ status: 401, code: "E_KEY_EXPIRED" });
    expect((await read(headers, "/api/v1/bookings")).json()).toMatchObject({
      code: "E_KEY_EXPIRED",
    });
  });

  test("from its ranges alone, in whatever notation the address comes", async () => {
    const { headers } = await key(await newOrg(), {
      allowed_ranges: ["192.0.2.0/24", "2001:db8::/32"],
    });
    const from = async (address: string): Promise<unknown> =>
      (await read(headers, "/api/v1/api-keys", address)).json<{ code?: string }>().code;
    for (const inside of ["192.0.2.9", "::ffff:192.0.2.9", "2001:db8::1"]) {
      expect(await from(inside)).toBeUndefined();
    }
    for (const outside of ["192.0.3.9", "::ffff:192.0.3.9", "2001:db9::1", "127.0.0.1"]) {
      expect(await from(outside)).toBe("E_KEY_ADDRESS");
    }
  });

  test("beside a cookie: the cookie does not count then", async () => {
    const { cookie } = await testHub.signIn();
    const { headers } = await key(await newOrg(), { name: "Of another organisation" });
    expect(await namesIn({ ...headers, cookie })).toEqual(["Of another organisation"]);
  });
});

test("a key is told the true reason why it may not: no key may, its scopes or its role", async () => {
  const orgId = await newOrg();
  const whole = await key(orgId, { scopes: ["admin"] });
  const narrow = await key(orgId, { scopes: ["bookings:read"] });
  const developer = await createTestMember(testHub.hub, orgId, "developer");
  const theirs = (await make(developer.headers, { scopes: ["admin"] })).json<CreatedApiKey>();
  const invited = await testHub.app.inject({
    method: "POST",
    url: "/api/v1/invitations",
    headers: whole.headers,
    payload: { email: "somebody@example.com", role: "viewer" },
  });
  const refused = [
    invited,
    await read(narrow.headers, "/api/v1/members"),
    await read(bearer(theirs.key), "/api/v1/members"),
  ];
  expect(refused.map((answer) => answer.json<{ detail: string }>().detail)).toEqual([
    "No key may do this (members:manage), whatever its scopes: a person has to, signed in.",
    "The key's scopes do not include members:read.",
    "The key's role developer does not include members:read.",
  ]);
});

describe("a developer's key", () => {
  test("ends when its maker may have none any more", async () => {
    const orgId = await newOrg();
    const { headers, userId } = await createTestMember(testHub.hub, orgId, "developer");
    const made = (await make(headers, { scopes: ["bookings:read"] })).json<CreatedApiKey>();
    const withIt = { authorization: `Bearer ${made.key}` };
    const status = async (): Promise<number> => {
      clock.advance(5 * SECOND);
      return (await read(withIt, "/api/v1/bookings")).statusCode;
    };
    const isKnown = async (): Promise<boolean> => (await status()) !== 401;
    const sql = (text: string) =>
      testHub.hub.db.transaction(system, (tx) => tx.query(text, [userId]));
    expect(await isKnown()).toBe(true);
    await sql("UPDATE membership SET role = 'viewer' WHERE user_id = $1");
    expect(await isKnown()).toBe(false);
    await sql("UPDATE membership SET role = 'admin' WHERE user_id = $1");
    expect(await isKnown()).toBe(true);
    await sql("UPDATE app_user SET disabled_at = now() WHERE id = $1");
    expect(await isKnown()).toBe(false);
    await sql("UPDATE app_user SET disabled_at = NULL WHERE id = $1");
    await sql("DELETE FROM membership WHERE user_id = $1");
    expect(await isKnown()).toBe(false);
  });

  test("is all that the developer sees and ends", async () => {
    const orgId = await newOrg();
    const admins = await key(orgId, { name: "The organisation's" });
    const one = await createTestMember(testHub.hub, orgId, "developer");
    const two = await createTestMember(testHub.hub, orgId, "developer");
    const owner = await createTestMember(testHub.hub, orgId, "owner");
    const made = (await make(one.headers, { name: "One's" })).json<CreatedApiKey>();
    expect(made).toMatchObject({ role: "developer", created_by: "The developer" });
    expect(await namesIn(one.headers)).toEqual(["One's"]);
    expect(await namesIn(two.headers)).toEqual([]);
    expect(await namesIn(owner.headers)).toEqual(["One's", "The organisation's"]);
    expect((await revoke(two.headers, made.id)).json()).toMatchObject({ code: "E_NOT_FOUND" });
    expect((await revoke(one.headers, admins.id)).json()).toMatchObject({ code: "E_NOT_FOUND" });
    expect((await revoke(one.headers, "environment")).json()).toMatchObject({
      code: "E_NOT_FOUND",
    });
    expect((await revoke(one.headers, made.id)).statusCode).toBe(200);
    expect(await namesIn(owner.headers)).toEqual(["The organisation's"]);
  });

  test("makes keys of the developer's own, and sees those alone", async () => {
    const orgId = await newOrg();
    await key(orgId, { name: "The organisation's" });
    const { headers } = await createTestMember(testHub.hub, orgId, "developer");
    const first = (await make(headers, { name: "First", scopes: ["admin"] })).json<CreatedApiKey>();
    const withFirst = { authorization: `Bearer ${first.key}` };
    expect((await make(withFirst, { name: "Second" })).json()).toMatchObject({ role: "developer" });
    expect(await namesIn(withFirst)).toEqual(["Second", "First"]);
  });
});

describe("nobody makes a key that may more than they", () => {
  test.each(["manager", "staff", "viewer", "accountant"] as const)("a %s none", async (role) => {
    const { headers } = await createTestMember(testHub.hub, await newOrg(), role);
    expect((await make(headers)).json()).toMatchObject({ status: 403, code: "E_FORBIDDEN" });
    expect((await read(headers)).json()).toMatchObject({ status: 403 });
  });

  test("a developer no scope that developers have nothing of", async () => {
    const { headers } = await createTestMember(testHub.hub, await newOrg(), "developer");
    for (const scope of ["bookings:write", "customers:write", "customers:export"] as const) {
      expect((await make(headers, { scopes: [scope] })).json()).toMatchObject({ status: 403 });
    }
    expect((await make(headers, { scopes: ["events:read", "admin"] })).statusCode).toBe(201);
  });

  test("a key none that lives longer or works from elsewhere", async () => {
    const end = (days: number): string =>
      new Date(clock.now().getTime() + days * DAY).toISOString();
    const { headers } = await key(await newOrg(), {
      expires_at: end(2),
      allowed_ranges: ["127.0.0.0/8"],
    });
    for (const draft of [
      { expires_at: end(3) },
      { allowed_ranges: ["0.0.0.0/0"] },
      { allowed_ranges: ["127.0.0.1", "192.0.2.1"] },
    ]) {
      expect((await make(headers, draft)).json()).toMatchObject({
        status: 403,
        code: "E_KEY_BEYOND",
        errors: [{ path: `body.${Object.keys(draft)[0]}` }],
      });
    }
    // Nothing, null and an empty list all ask for what the maker has.
    for (const ranges of [{}, { allowed_ranges: null }, { allowed_ranges: [] }]) {
      expect((await make(headers, { ...ranges, expires_at: null })).json()).toMatchObject({
        allowed_ranges: ["127.0.0.0/8"],
        expires_at: end(2),
      });
    }
    expect((await make(headers)).json()).toMatchObject({
      expires_at: end(2),
      allowed_ranges: ["127.0.0.0/8"],
    });
    expect(
      (await make(headers, { expires_at: end(1), allowed_ranges: ["127.0.0.1"] })).json(),
    ).toMatchObject({ expires_at: end(1), allowed_ranges: ["127.0.0.1"] });
  });

  test("a key none that may be used more often", async () => {
    const { headers } = await key(await newOrg(), { requests_per_minute: 20 });
    const more = (await make(headers, { requests_per_minute: 21 })).json<{ detail: string }>();
    expect(more).toMatchObject({
      status: 403,
      code: "E_KEY_BEYOND",
      errors: [{ path: "body.requests_per_minute" }],
    });
    expect(more.detail).toContain("20");
    const same = (await make(headers, { requests_per_minute: 20 })).json<CreatedApiKey>();
    expect(same.requests_per_minute).toBe(20);
    // Who says nothing gets the usual limit, or the maker's when that is lower.
    expect((await make(headers)).json()).toMatchObject({ requests_per_minute: 20 });
    const grandchild = { authorization: `Bearer ${same.key}` };
    expect((await make(grandchild, { requests_per_minute: 600 })).statusCode).toBe(403);
    const wide = await key(await newOrg(), { requests_per_minute: 9000 });
    expect((await make(wide.headers)).json()).toMatchObject({ requests_per_minute: 600 });
    expect((await make(withKey, { requests_per_minute: 100_000 })).statusCode).toBe(201);
  });

  test("what is not valid is refused", async () => {
    const { headers } = await key(await newOrg());
    const past = new Date(clock.now().getTime()).toISOString();
    for (const draft of [
      { expires_at: past },
      { scopes: [] },
      { scopes: ["everything" as "admin"] },
      { allowed_ranges: ["192.0.2.0/33"] },
      { requests_per_minute: 0 },
      { allowed_origins: ["https://example.com"] },
      { kind: "publishable", scopes: ["stream:mint"] },
      { kind: "publishable", scopes: ["admin"], allowed_origins: ["https://example.com"] },
      ...["https://example.com/page", "ftp://example.com", "*", "https://u@example.com"].map(
        (origin) => ({
          kind: "publishable" as const,
          scopes: ["stream:mint" as const],
          allowed_origins: [origin],
        }),
      ),
    ] as Partial<CreateApiKey>[]) {
      const answer = await make(headers, draft);
      expect(answer.json(), JSON.stringify(draft)).toMatchObject({ code: "E_VALIDATION" });
    }
  });
});

test("no addresses and an empty list of them both mean anywhere", async () => {
  const orgId = await newOrg();
  const { headers } = await key(orgId);
  for (const allowed_ranges of [null, []]) {
    const made = (await make(headers, { allowed_ranges, scopes: ["admin"] })).json<CreatedApiKey>();
    expect(made.allowed_ranges).toBeNull();
    const withIt = { authorization: `Bearer ${made.key}` };
    expect((await read(withIt, "/api/v1/api-keys", "203.0.113.9")).statusCode).toBe(200);
  }
});

describe("the list", () => {
  test("shows what a key is, and never the key or its hash", async () => {
    const orgId = await newOrg();
    const owner = await createTestMember(testHub.hub, orgId, "owner");
    const created = (await make(owner.headers, { name: "Shop" })).json<CreatedApiKey>();
    expect(created.key).toMatch(/^sw_sk_live_/);
    const { key: secret, ...shown } = created;
    const list = await read(owner.headers);
    expect(list.json()).toEqual({ data: [shown], next_cursor: null });
    expect(list.body).not.toContain(secret.slice(-20));
    expect(shown).toMatchObject({
      prefix: secret.slice(0, 15),
      role: "admin",
      origin: "user",
      created_by: "The owner",
      requests_per_minute: 600,
    });
  });

  test("comes in pages", async () => {
    const orgId = await newOrg();
    const { headers } = await key(orgId, { name: "0" });
    for (const name of ["1", "2", "3", "4"]) await key(orgId, { name });
    const keys: ApiKeyResource[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const after = cursor === "" ? "" : `&cursor=${cursor}`;
      const answer = await read(headers, `/api/v1/api-keys?limit=2${after}`);
      const page = answer.json<List<ApiKeyResource>>();
      expect(page.data.length).toBeLessThanOrEqual(2);
      keys.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(keys.map(({ name }) => name).toSorted()).toEqual(["0", "1", "2", "3", "4"]);
    // Some may have been made in the same millisecond.
    const times = keys.map(({ created_at: at }) => at ?? "");
    expect(times).toEqual(times.toSorted().toReversed());
    expect((await read(headers, "/api/v1/api-keys?cursor=x")).json()).toMatchObject({
      code: "E_CURSOR",
    });
  });

  test("has the environment's key, which cannot be revoked", async () => {
    const [first] = (await read(withKey)).json<List<ApiKeyResource>>().data;
    expect(first).toMatchObject({
      id: "environment",
      origin: "environment",
      prefix: "SLOTWIRE_API_KEY",
    });
    expect((await revoke(withKey, "environment")).json()).toMatchObject({
      status: 409,
      code: "E_ENVIRONMENT",
    });
  });
});

describe("revoking", () => {
  test("another organisation's key is like an unknown one", async () => {
    const { headers } = await key(await newOrg());
    const theirs = await key(await newOrg());
    for (const id of [theirs.id, randomUUID(), "nonsense"]) {
      expect((await revoke(headers, id)).json()).toMatchObject({ code: "E_NOT_FOUND" });
    }
    expect((await read(theirs.headers)).statusCode).toBe(200);
  });

  test("another node lets the key in for 5 seconds at most", async () => {
    const orgId = await newOrg();
    const [{ headers, id }, admin] = [await key(orgId), await key(orgId)];
    const { app } = await secondNode();
    const there = async (): Promise<number> =>
      (await app.inject({ url: "/api/v1/bookings", headers })).statusCode;
    expect(await there()).toBe(200);
    await revoke(admin.headers, id);
    clock.advance(5 * SECOND - 1);
    expect(await there()).toBe(200);
    clock.advance(1);
    expect(await there()).toBe(401);
    await app.close();
  });

  test("another node that hears of it knows at once", async () => {
    const orgId = await newOrg();
    const [{ headers, id }, admin] = [await key(orgId), await key(orgId)];
    const { app, wake } = await secondNode();
    const there = async (): Promise<number> =>
      (await app.inject({ url: "/api/v1/bookings", headers })).statusCode;
    expect(await there()).toBe(200);
    await revoke(admin.headers, id);
    wake.signal("keys");
    await new Promise((resolve) => setImmediate(resolve));
    expect(await there()).toBe(401);
    await app.close();
  });

  test("and making stand in the audit log, with who did it and from where", async () => {
    const orgId = await newOrg();
    const { headers, userId } = await createTestMember(testHub.hub, orgId, "owner");
    const made = (await make(headers, { name: "Shop" })).json<CreatedApiKey>();
    await revoke(headers, made.id);
    const lines = await testHub.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query<Record<string, unknown>>(
        "SELECT * FROM audit_log WHERE entity = 'api_key' ORDER BY id",
      ),
    );
    expect(lines).toMatchObject([
      { action: "api_key.created", actor_id: userId, address: "127.0.0.1", entity_id: made.id },
      { action: "api_key.revoked", actor_id: userId, entity_name: "Shop" },
    ]);
    expect(lines[0]?.["new"]).toMatchObject({ prefix: made.prefix, scopes: ["bookings:read"] });
    expect(JSON.stringify(lines)).not.toContain(made.key);
  });

  test("and making need a recent proof of people, and none of keys", async () => {
    const orgId = await newOrg();
    const admin = await key(orgId);
    const { headers } = await createTestMember(testHub.hub, orgId, "owner");
    const made = (await make(headers)).json<CreatedApiKey>();
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE session SET authenticated_at = $1", [
        new Date(clock.now().getTime() - 11 * MINUTE),
      ]),
    );
    expect((await make(headers)).json()).toMatchObject({ status: 403, code: "E_CONFIRM" });
    expect((await revoke(headers, made.id)).json()).toMatchObject({ code: "E_CONFIRM" });
    expect((await read(headers)).statusCode).toBe(200);
    expect((await make(admin.headers)).statusCode).toBe(201);
    expect((await revoke(admin.headers, made.id)).statusCode).toBe(200);
  });
});

describe("a key that a key made", () => {
  const bearerOf = ({ key: text }: CreatedApiKey) => ({ authorization: `Bearer ${text}` });
  const makeBy = async (maker: Record<string, string>, name: string): Promise<CreatedApiKey> =>
    (await make(maker, { name, scopes: ["admin"] })).json<CreatedApiKey>();
  const works = async (one: CreatedApiKey): Promise<boolean> =>
    (await read(bearerOf(one))).statusCode === 200;
  const named = ({ id, name, prefix }: CreatedApiKey) => ({ id, name, prefix });

  /** An owner's key, two that it made, one that the first of these made, and another of the owner. */
  async function family() {
    const orgId = await newOrg();
    const owner = await createTestMember(testHub.hub, orgId, "owner");
    const root = await makeBy(owner.headers, "Root");
    const one = await makeBy(bearerOf(root), "One");
    const two = await makeBy(bearerOf(root), "Two");
    const below = await makeBy(bearerOf(one), "Below one");
    const other = await makeBy(owner.headers, "Other");
    return { orgId, owner, root, one, two, below, other };
  }

  test("names its maker, and the person behind it", async () => {
    const { owner, root, one, below } = await family();
    expect(root).toMatchObject({ created_by: "The owner", created_by_key: null });
    expect(one).toMatchObject({ created_by: "The owner", created_by_key: named(root) });
    const listed = (await read(owner.headers)).json<List<ApiKeyResource>>().data;
    expect(listed.find(({ id }) => id === below.id)).toMatchObject({
      created_by: "The owner",
      created_by_key: named(one),
    });
  });

  test("is found by who made it, near or far", async () => {
    const { owner, root, one, other } = await family();
    const madeBy = async ({ id }: CreatedApiKey) => {
      const url = `/api/v1/api-keys?made_by_key=${id}`;
      return (await read(owner.headers, url)).json<List<ApiKeyResource>>().data;
    };
    expect((await madeBy(root)).map(({ name }) => name)).toEqual(["Below one", "Two", "One"]);
    expect((await madeBy(one)).map(({ name }) => name)).toEqual(["Below one"]);
    expect(await madeBy(other)).toEqual([]);
    const stranger = await createTestMember(testHub.hub, await newOrg(), "owner");
    const theirs = await read(stranger.headers, `/api/v1/api-keys?made_by_key=${root.id}`);
    expect(theirs.json()).toMatchObject({ data: [] });
  });

  test("ends with its maker: the answer names it, and the audit log tells of each", async () => {
    const { orgId, owner, root, one, two, below, other } = await family();
    const answer = await revoke(owner.headers, root.id);
    expect(answer.statusCode).toBe(200);
    const { revoked_keys: revoked } = answer.json<RevokedKeys>();
    expect(revoked[0]).toEqual(named(root));
    expect(revoked.map(({ name }) => name).toSorted()).toEqual(["Below one", "One", "Root", "Two"]);
    for (const ended of [root, one, two, below]) expect(await works(ended)).toBe(false);
    expect(await works(other)).toBe(true);
    expect(await namesIn(owner.headers)).toEqual(["Other"]);
    const lines = await testHub.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query<Pick<AuditEntry, "entity_id" | "old" | "new"> & { actor_id: string }>(
        "SELECT entity_id, actor_id, old, new FROM audit_log WHERE action = 'api_key.revoked'",
      ),
    );
    const line = ({ id }: CreatedApiKey) => lines.find(({ entity_id }) => entity_id === id);
    expect(lines).toHaveLength(4);
    expect(lines.every(({ actor_id }) => actor_id === owner.userId)).toBe(true);
    expect(line(root)).toMatchObject({ old: { prefix: root.prefix }, new: null });
    expect(line(below)).toMatchObject({
      old: { prefix: below.prefix },
      new: { revoked_with: one.id },
    });
  });

  test("ends alone when it alone is revoked", async () => {
    const { root, one, two, below } = await family();
    const answer = await revoke(bearerOf(root), one.id);
    expect(answer.json()).toEqual({ revoked_keys: [named(one), named(below)] });
    expect([await works(root), await works(two)]).toEqual([true, true]);
    expect((await revoke(bearerOf(root), one.id)).json()).toMatchObject({ code: "E_NOT_FOUND" });
  });

  test("can end its maker, and itself with it", async () => {
    const { root, one, below, other } = await family();
    expect((await revoke(bearerOf(below), root.id)).json<RevokedKeys>().revoked_keys).toHaveLength(
      4,
    );
    expect([await works(one), await works(below), await works(other)]).toEqual([
      false,
      false,
      true,
    ]);
  });

  test("does not slip through while its maker is revoked", async () => {
    for (let round = 0; round < 5; round++) {
      const { owner, root } = await family();
      const [made] = await Promise.all([
        Promise.all(Array.from({ length: 6 }, () => make(bearerOf(root), { scopes: ["admin"] }))),
        revoke(owner.headers, root.id),
      ]);
      expect(await namesIn(owner.headers)).toEqual(["Other"]);
      for (const answer of made) {
        if (answer.statusCode === 201) {
          expect(await works(answer.json<CreatedApiKey>())).toBe(false);
        } else {
          expect(answer.json()).toMatchObject({ code: "E_UNAUTHENTICATED" });
        }
      }
    }
  });

  test("of the environment's has no maker that ends", async () => {
    const made = (await make(withKey, { scopes: ["admin"] })).json<CreatedApiKey>();
    expect(made).toMatchObject({ created_by: null, created_by_key: null });
    expect((await revoke(withKey, made.id)).json()).toEqual({ revoked_keys: [named(made)] });
  });
});

describe("using a key", () => {
  test("asks the database once in 5 seconds, and once for all that come together", async () => {
    const { headers } = await key(await newOrg());
    const { app } = await secondNode();
    const use = () => app.inject({ url: "/api/v1/api-keys/unknown", method: "DELETE", headers });
    const lookUps = (): number => asked.filter((name) => name === "access_key_by_hash").length;
    await Promise.all(Array.from({ length: 20 }, use));
    expect(lookUps()).toBe(1);
    clock.advance(5 * SECOND - 1);
    await use();
    expect(lookUps()).toBe(1);
    clock.advance(1);
    await use();
    expect(lookUps()).toBe(2);
    const typo = { authorization: `${headers.authorization.slice(0, -1)}!` };
    asked = [];
    await app.inject({ url: "/api/v1/bookings", headers: typo });
    expect(asked).toEqual([]);
    await app.close();
  });

  test("is noted with its address, at most once a minute", async () => {
    const orgId = await newOrg();
    const { headers, id } = await key(orgId);
    const start = clock.now();
    const noted = async (address: string): Promise<unknown> => {
      await read(headers, "/api/v1/bookings", address);
      const [row] = await testHub.hub.db.transaction(tenant(orgId), (tx) =>
        tx.query<{ at: Date; address: string }>(
          "SELECT last_used_at AS at, last_used_address AS address FROM api_key WHERE id = $1",
          [id],
        ),
      );
      return row;
    };
    expect(await noted("192.0.2.1")).toEqual({ at: start, address: "192.0.2.1" });
    clock.advance(MINUTE - 1);
    expect(await noted("192.0.2.2")).toEqual({ at: start, address: "192.0.2.1" });
    clock.advance(1);
    expect(await noted("192.0.2.3")).toEqual({ at: clock.now(), address: "192.0.2.3" });
  });

  test("is limited per minute, and every answer says what is left", async () => {
    const { headers } = await key(await newOrg(), { requests_per_minute: 3 });
    const use = () => read(headers, "/api/v1/bookings");
    const first = await use();
    expect(first.headers).toMatchObject({
      "ratelimit-policy": '"key";q=3;w=60',
      ratelimit: '"key";r=2;t=20',
      "ratelimit-limit": "3",
      "ratelimit-remaining": "2",
      "ratelimit-reset": "20",
    });
    await use();
    expect((await use()).headers["ratelimit-remaining"]).toBe("0");
    const refused = await use();
    expect(refused.json()).toMatchObject({
      status: 429,
      code: "E_RATE_LIMITED",
      retry_after_seconds: 20,
    });
    expect(refused.headers).toMatchObject({ "retry-after": "20", ratelimit: '"key";r=0;t=60' });
    clock.advance(20 * SECOND - 1);
    expect((await use()).statusCode).toBe(429);
    clock.advance(1);
    expect((await use()).statusCode).toBe(200);
    expect((await use()).statusCode).toBe(429);
    clock.advance(10 * MINUTE);
    expect((await use()).headers["ratelimit-remaining"]).toBe("2");
  });

  test("is limited for each key by itself; the environment's has no limit", async () => {
    const orgId = await newOrg();
    const one = await key(orgId, { requests_per_minute: 1 });
    const two = await key(orgId, { requests_per_minute: 1 });
    expect((await read(one.headers)).statusCode).toBe(200);
    expect((await read(one.headers)).statusCode).toBe(429);
    expect((await read(two.headers)).statusCode).toBe(200);
    expect((await read(withKey)).headers).not.toHaveProperty("ratelimit");
  });

  test("leaves nothing of it in the log", async () => {
    const { headers, key: text } = await key(await newOrg(), { requests_per_minute: 1 });
    await read(headers);
    await read(headers);
    await read({ authorization: `Bearer ${text}x` });
    expect(testHub.logged()).not.toContain(text.slice(12));
  });
});

test("a publishable key reads nothing by itself", async () => {
  const { headers } = await key(await newOrg(), {
    kind: "publishable",
    scopes: ["stream:mint"],
    allowed_origins: ["https://shop.example"],
  });
  for (const url of ["/api/v1/bookings", "/api/v1/stream", "/api/v1/api-keys"]) {
    const answer = await read({ ...headers, origin: "https://shop.example" }, url);
    expect(answer.json()).toMatchObject({ status: 401, code: "E_UNAUTHENTICATED" });
  }
  const answer = await testHub.app.inject({
    method: "POST",
    url: "/api/v1/stream-tokens",
    headers,
    payload: {},
  });
  expect(answer.statusCode).toBe(401);
});

test("a key of the demo organisation says so", async () => {
  const orgId = randomUUID();
  await testHub.hub.db.transaction(system, (tx) =>
    tx.query(
      "INSERT INTO organisation (id, slug, name, time_zone) VALUES ($1, 'demo', 'D', 'UTC')",
      [orgId],
    ),
  );
  expect((await key(orgId)).key).toMatch(/^sw_sk_demo_/);
});
