import { randomUUID } from "node:crypto";
import type { SessionResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSignInLink } from "../access/create-sign-in-link.ts";
import { ensureDefaultOrganisation } from "../access/ensure-default-organisation.ts";
import { readSession } from "../access/read-session.ts";
import { hashSessionToken } from "../access/session-token.ts";
import { signIn } from "../access/sign-in.ts";
import { ManualClock } from "../clock.ts";
import { system, tenant } from "../db/database.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const clock = new ManualClock("2026-03-01T08:00:00Z");
let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

/** Advances past the limit on sign-in attempts, which all tests share. */
const waitForAttempts = (): void => clock.advance(MINUTE);

async function newLink(): Promise<string> {
  const { hub, ownerId } = testHub;
  return (await createSignInLink(hub, { userId: ownerId, orgId: hub.defaultOrgId })).token;
}

const post = (token: string, headers: Record<string, string> = {}) =>
  testHub.app.inject({ method: "POST", url: "/api/v1/session", headers, payload: { token } });

describe("a sign-in link", () => {
  test("signs its user in once", async () => {
    waitForAttempts();
    const token = await newLink();
    const answer = await post(token);
    expect(answer.statusCode).toBe(201);
    const session = answer.json<SessionResource>();
    expect(session.user.id).toBe(testHub.ownerId);
    expect(session.role).toBe("owner");
    expect(session.organisation).toMatchObject({ slug: "default", time_zone: "Europe/Stockholm" });
    expect(session.organisations).toEqual([session.organisation]);

    const again = await post(token);
    expect(again.json()).toMatchObject({ status: 401, code: "E_LINK_INVALID" });
    expect(again.cookies).toEqual([]);
  });

  test("signs in exactly one of several who use it at once", async () => {
    waitForAttempts();
    const token = await newLink();
    const answers = await Promise.all([post(token), post(token), post(token), post(token)]);
    expect(answers.map((answer) => answer.statusCode).toSorted()).toEqual([201, 401, 401, 401]);
  });

  test("is not burnt by opening its address, as link previews do", async () => {
    waitForAttempts();
    const token = await newLink();
    await testHub.app.inject({ url: `/sign-in?token=${token}` });
    await testHub.app.inject({ url: `/api/v1/session?token=${token}` });
    expect((await post(token)).statusCode).toBe(201);
  });

  test("expires after one hour", async () => {
    waitForAttempts();
    const token = await newLink();
    clock.advance(60 * MINUTE);
    expect((await post(token)).json()).toMatchObject({ code: "E_LINK_INVALID" });
  });

  test("is not used from another site", async () => {
    waitForAttempts();
    const token = await newLink();
    const foreign = await post(token, { "sec-fetch-site": "cross-site" });
    expect(foreign.json()).toMatchObject({ status: 403, code: "E_CROSS_SITE" });
    expect((await post(token)).statusCode).toBe(201);
  });

  test("cannot be guessed fast", async () => {
    waitForAttempts();
    const guess = "x".repeat(43);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await post(guess)).json()).toMatchObject({ code: "E_LINK_INVALID" });
    }
    const limited = await post(guess);
    expect(limited.json()).toMatchObject({ status: 429, code: "E_RATE_LIMITED" });
    expect(limited.headers["retry-after"]).toBe("6");
    clock.advance(6_000);
    expect((await post(guess)).json()).toMatchObject({ code: "E_LINK_INVALID" });
  });
});

describe("the session's cookie", () => {
  test("is out of reach for scripts and other sites", async () => {
    waitForAttempts();
    const [cookie] = (await post(await newLink())).cookies;
    expect(cookie).toMatchObject({
      name: "slotwire_session",
      httpOnly: true,
      sameSite: "Lax",
      path: "/",
    });
    expect(cookie?.expires).toEqual(new Date(clock.now().getTime() + 60 * DAY));
  });

  test("is bound to the host and to TLS when the hub's address is https", async () => {
    const secure = await createTestHub({ config: { publicUrl: "https://hub.example.com" } });
    try {
      const { hub, ownerId } = secure;
      const link = await createSignInLink(hub, { userId: ownerId, orgId: hub.defaultOrgId });
      const answer = await secure.app.inject({
        method: "POST",
        url: "/api/v1/session",
        payload: { token: link.token },
      });
      expect(answer.cookies[0]).toMatchObject({ name: "__Host-slotwire_session", secure: true });
      expect(answer.headers["strict-transport-security"]).toBeDefined();
    } finally {
      await secure.close();
    }
  });

  test("holds a token of which only the hash is stored", async () => {
    waitForAttempts();
    const { cookie } = await testHub.signIn();
    const token = cookie.split("=")[1] ?? "";
    const rows = await testHub.hub.db.transaction(system, (tx) =>
      tx.query<{ hit: boolean }>(
        "SELECT token_hash = $1 AS hit FROM session WHERE encode(token_hash, 'escape') <> $2",
        [hashSessionToken(token), token],
      ),
    );
    expect(rows.filter((row) => row.hit)).toHaveLength(1);
  });
});

describe("a session", () => {
  test("ends when its user signs out", async () => {
    waitForAttempts();
    const headers = await testHub.signIn();
    const read = () => testHub.app.inject({ url: "/api/v1/session", headers });
    expect((await read()).statusCode).toBe(200);
    const out = await testHub.app.inject({ method: "DELETE", url: "/api/v1/session", headers });
    expect(out.statusCode).toBe(204);
    expect(out.cookies[0]?.expires?.getTime()).toBe(0);
    expect((await read()).json()).toMatchObject({ code: "E_UNAUTHENTICATED" });
  });

  test("that its user ends is told of in the audit log, once, with where from", async () => {
    waitForAttempts();
    const headers = { ...(await testHub.signIn()), "user-agent": "A browser" };
    const out = () =>
      testHub.app.inject({
        method: "DELETE",
        url: "/api/v1/session",
        headers,
        remoteAddress: "192.0.2.7",
      });
    const told = () =>
      testHub.hub.db.transaction(tenant(testHub.hub.defaultOrgId), (tx) =>
        tx.query("SELECT * FROM audit_log WHERE action = 'session.signed_out' ORDER BY id"),
      );
    const before = (await told()).length;
    await out();
    await out();
    const lines = (await told()).slice(before);
    expect(lines).toMatchObject([
      {
        actor_kind: "user",
        actor_id: testHub.ownerId,
        address: "192.0.2.7",
        user_agent: "A browser",
        old: null,
        new: null,
      },
    ]);
  });

  test("ends after 14 days without a request, and lives on with one", async () => {
    waitForAttempts();
    const { cookie } = await testHub.signIn();
    const token = cookie.split("=")[1] ?? "";
    clock.advance(14 * DAY - 1);
    expect(await readSession(testHub.hub, token)).not.toBeNull();
    clock.advance(14 * DAY - 1);
    expect(await readSession(testHub.hub, token)).not.toBeNull();
    clock.advance(14 * DAY);
    expect(await readSession(testHub.hub, token)).toBeNull();
  });

  test("ends after 60 days in any case", async () => {
    waitForAttempts();
    const { token } = await signIn(testHub.hub, await newLink());
    for (let day = 0; day < 59; day += 1) {
      clock.advance(DAY);
      expect(await readSession(testHub.hub, token)).not.toBeNull();
    }
    clock.advance(DAY);
    expect(await readSession(testHub.hub, token)).toBeNull();
  });

  test("notes its last request at most once a minute", async () => {
    waitForAttempts();
    const { token } = await signIn(testHub.hub, await newLink());
    const start = clock.now();
    const lastSeen = async (): Promise<Date | undefined> => {
      await readSession(testHub.hub, token);
      const rows = await testHub.hub.db.transaction(system, (tx) =>
        tx.query<{ at: Date }>("SELECT last_seen_at AS at FROM session WHERE token_hash = $1", [
          hashSessionToken(token),
        ]),
      );
      return rows[0]?.at;
    };
    clock.advance(MINUTE - 1);
    expect(await lastSeen()).toEqual(start);
    clock.advance(1);
    expect(await lastSeen()).toEqual(clock.now());
  });

  test("ends with the membership", async () => {
    waitForAttempts();
    const { hub, ownerId } = testHub;
    const { orgId } = await createTestOrganisation(hub.db);
    await hub.db.transaction(tenant(orgId), (tx) =>
      tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'viewer')", [
        orgId,
        ownerId,
      ]),
    );
    const link = await createSignInLink(hub, { userId: ownerId, orgId });
    const { token } = await signIn(hub, link.token);
    expect(await readSession(hub, token)).toMatchObject({ role: "viewer", orgId });
    await hub.db.transaction(tenant(orgId), (tx) => tx.query("DELETE FROM membership"));
    expect(await readSession(hub, token)).toBeNull();
  });

  test("moves to another organisation of its user, and to no other", async () => {
    waitForAttempts();
    const { hub, ownerId, app } = testHub;
    const mine = await createTestOrganisation(hub.db, { timeZone: "America/Sao_Paulo" });
    const theirs = await createTestOrganisation(hub.db);
    await hub.db.transaction(tenant(mine.orgId), (tx) =>
      tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'manager')", [
        mine.orgId,
        ownerId,
      ]),
    );
    const headers = await testHub.signIn();
    const move = (organisation_id: string) =>
      app.inject({
        method: "PUT",
        url: "/api/v1/session/organisation",
        headers,
        payload: { organisation_id },
      });
    const moved = (await move(mine.orgId)).json<SessionResource>();
    expect(moved).toMatchObject({ role: "manager", organisation: { id: mine.orgId } });
    expect(moved.organisations).toHaveLength(2);
    for (const orgId of [theirs.orgId, randomUUID()]) {
      expect((await move(orgId)).json()).toMatchObject({ code: "E_NOT_FOUND" });
    }
    const after = await app.inject({ url: "/api/v1/session", headers });
    expect(after.json<SessionResource>().organisation.id).toBe(mine.orgId);
  });
});

describe("a request that carries the cookie", () => {
  const change = (headers: Record<string, string>) =>
    testHub.app.inject({
      method: "POST",
      url: `/api/v1/bookings/${randomUUID()}/cancel`,
      headers,
    });

  test("may change something only when it comes from the hub's own pages", async () => {
    waitForAttempts();
    const { cookie } = await testHub.signIn();
    const own = "127.0.0.1:3000";
    for (const headers of [
      {},
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: `https://${own}` },
      { origin: "https://evil.example", host: "evil.example" },
      { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
      { origin: "http://rebound.example:3000", host: "rebound.example:3000" },
    ] as Record<string, string>[]) {
      const answer = await change({ cookie, host: own, ...headers });
      expect(answer.json()).toMatchObject({ status: 403, code: "E_CROSS_SITE" });
    }
    for (const headers of [
      { "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
      { origin: `http://${own}` },
      { origin: `http://${own}`, "sec-fetch-site": "same-origin" },
      // Pages that send no referrer (https://www.w3.org/TR/referrer-policy/) may say so.
      { origin: "null", "sec-fetch-site": "same-origin" },
      // Without a PUBLIC_URL the hub goes by any name of this machine.
      { origin: "http://localhost:5173", host: "localhost:5173" },
      { origin: "http://192.168.1.5:3000", host: "192.168.1.5:3000" },
    ] as Record<string, string>[]) {
      const answer = await change({ cookie, host: own, ...headers });
      expect(answer.json()).toMatchObject({ code: "E_NOT_FOUND" });
    }
  });

  test("may read from anywhere: the browser keeps the answer from other sites", async () => {
    waitForAttempts();
    const { cookie } = await testHub.signIn();
    const headers = { cookie, "sec-fetch-site": "cross-site" };
    expect((await testHub.app.inject({ url: "/api/v1/session", headers })).statusCode).toBe(200);
  });
});

describe("the environment's API key", () => {
  test("is an admin of the default organisation and needs no origin", async () => {
    const answer = await testHub.app.inject({
      method: "POST",
      url: `/api/v1/bookings/${randomUUID()}/cancel`,
      headers: withKey,
    });
    expect(answer.json()).toMatchObject({ code: "E_NOT_FOUND" });
  });

  test("is refused when it is wrong, even beside a valid cookie", async () => {
    waitForAttempts();
    const { cookie } = await testHub.signIn();
    for (const authorization of ["Bearer wrong", "Bearer", `Basic ${withKey.authorization}`, ""]) {
      const headers = { authorization, cookie };
      const answer = await testHub.app.inject({ url: "/api/v1/bookings", headers });
      expect(answer.json()).toMatchObject({ code: "E_UNAUTHENTICATED" });
    }
  });

  test("has no session", async () => {
    const answer = await testHub.app.inject({ url: "/api/v1/session", headers: withKey });
    expect(answer.json()).toMatchObject({ status: 403, code: "E_FORBIDDEN" });
  });
});

test("the default organisation and its owner are created once", async () => {
  const { hub, ownerId } = testHub;
  const again = await Promise.all([
    ensureDefaultOrganisation(hub, "UTC"),
    ensureDefaultOrganisation(hub, "UTC"),
  ]);
  expect(again).toEqual([
    { orgId: hub.defaultOrgId, ownerId },
    { orgId: hub.defaultOrgId, ownerId },
  ]);
});
