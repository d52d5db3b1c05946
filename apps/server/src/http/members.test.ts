import { randomUUID } from "node:crypto";
import {
  type AuditEntry,
  type CreatedApiKey,
  type CreatedInvitation,
  type List,
  type MemberKeys,
  type MemberResource,
  type Role,
  roles,
  type SessionResource,
} from "@slotwire/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { createTestKey, createTestMember, type TestMember } from "../../test/key-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";

const clock = new ManualClock("2026-03-01T08:00:00Z");
let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

/** A fresh organisation for each test, with its one owner. */
let orgId: string;
let owner: TestMember;
beforeEach(async () => {
  ({ orgId } = await createTestOrganisation(testHub.hub.db));
  owner = await join("owner");
});

const join = (role: Role, org = orgId) => createTestMember(testHub.hub, org, role);

type Method = "GET" | "POST" | "PATCH" | "DELETE";
const call = (who: TestMember, method: Method, url: string, payload?: object) =>
  testHub.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: who.headers,
    ...(payload === undefined ? {} : { payload }),
  });
const patch = (who: TestMember, whom: TestMember, changes: object) =>
  call(who, "PATCH", `/members/${whom.userId}`, changes);
const remove = (who: TestMember, whom: TestMember, query = "") =>
  call(who, "DELETE", `/members/${whom.userId}${query}`);
const codeOf = (answer: { json(): unknown }): string => (answer.json() as { code: string }).code;

async function listed(query = ""): Promise<List<MemberResource>> {
  return (await call(owner, "GET", `/members${query}`)).json<List<MemberResource>>();
}

async function roleOf(who: TestMember): Promise<string | undefined> {
  return (await listed()).data.find(({ user_id }) => user_id === who.userId)?.role;
}

async function audited(entityId: string): Promise<AuditEntry[]> {
  const answer = await call(owner, "GET", `/audit?entity_id=${entityId}`);
  return answer.json<List<AuditEntry>>().data;
}

/** The codes are kept apart from the statuses of success, so that one table tells both. */
const outcome = (answer: { statusCode: number; json(): unknown }): string | number =>
  answer.statusCode < 400 ? answer.statusCode : codeOf(answer);

describe("the list of members", () => {
  test("tells who they are, page by page", async () => {
    const staff = await join("staff");
    const all = await listed();
    expect(all.data.map(({ user_id }) => user_id).toSorted()).toEqual(
      [owner.userId, staff.userId].toSorted(),
    );
    expect(all.data.find(({ user_id }) => user_id === staff.userId)).toEqual({
      user_id: staff.userId,
      name: "The staff",
      email: staff.email,
      role: "staff",
      provider_email: null,
      hide_contacts: false,
      has_password: false,
      has_second_factor: false,
      last_seen_at: clock.now().toISOString(),
      created_at: expect.any(String) as string,
    });
    const first = await listed("?limit=1");
    const second = await listed(`?limit=1&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data]).toEqual(all.data);
    expect(second.next_cursor).toBeNull();
  });

  test("is for owners and admins", async () => {
    for (const role of roles) {
      const answer = await call(await join(role), "GET", "/members");
      expect(outcome(answer), role).toBe(
        role === "owner" || role === "admin" ? 200 : "E_FORBIDDEN",
      );
    }
  });

  test("says nothing of a person's work elsewhere", async () => {
    const elsewhere = await createTestOrganisation(testHub.hub.db);
    const guest = await join("manager", elsewhere.orgId);
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'viewer')", [
        orgId,
        guest.userId,
      ]),
    );
    const { data } = await listed();
    expect(data.find(({ user_id }) => user_id === guest.userId)).toMatchObject({
      role: "viewer",
      last_seen_at: null,
    });
  });
});

describe("a change of role", () => {
  test("counts from the next request on, and the audit log has both roles", async () => {
    const member = await join("viewer");
    const session = async () =>
      (await call(member, "GET", "/session")).json<SessionResource>().role;
    expect(await session()).toBe("viewer");
    const answer = await patch(owner, member, { role: "manager" });
    expect(answer.json()).toMatchObject({ user_id: member.userId, role: "manager" });
    expect(await session()).toBe("manager");
    expect((await audited(member.userId))[0]).toMatchObject({
      action: "member.role_changed",
      actor: { kind: "user", id: owner.userId },
      entity: "member",
      entity_name: "The viewer",
      old: { role: "viewer" },
      new: { role: "manager" },
    });
  });

  test("is no admin's when an owner is made, changed or removed", async () => {
    const admin = await join("admin");
    const second = await join("owner");
    const staff = await join("staff");
    expect(outcome(await patch(admin, staff, { role: "owner" }))).toBe("E_FORBIDDEN");
    expect(outcome(await patch(admin, admin, { role: "owner" }))).toBe("E_FORBIDDEN");
    expect(outcome(await patch(admin, second, { role: "admin" }))).toBe("E_FORBIDDEN");
    expect(outcome(await patch(admin, second, { hide_contacts: true }))).toBe("E_FORBIDDEN");
    expect(outcome(await remove(admin, second))).toBe("E_FORBIDDEN");
    expect(outcome(await patch(admin, staff, { role: "admin" }))).toBe(200);
    expect(outcome(await patch(owner, admin, { role: "owner" }))).toBe(200);
    // The rights of this very moment count, not those of the last change.
    expect(outcome(await patch(admin, second, { role: "admin" }))).toBe(200);
  });

  test("is nobody's to their own advantage", async () => {
    for (const [at, role] of roles.entries()) {
      const member = await join(role);
      for (const higher of roles.slice(0, at)) {
        expect(outcome(await patch(member, member, { role: higher })), role).toBe("E_FORBIDDEN");
      }
      expect(await roleOf(member)).toBe(role);
    }
  });

  test("is no key's to change: whom it let in would outlive it", async () => {
    const key = await createTestKey(testHub.hub, orgId);
    const staff = await join("staff");
    for (const role of ["viewer", "owner"]) {
      const answer = await testHub.app.inject({
        method: "PATCH",
        url: `/api/v1/members/${staff.userId}`,
        headers: key.headers,
        payload: { role },
      });
      expect(outcome(answer)).toBe("E_FORBIDDEN");
    }
    const invited = await testHub.app.inject({
      method: "POST",
      url: "/api/v1/invitations",
      headers: key.headers,
      payload: { email: "after@example.com", role: "admin" },
    });
    expect(outcome(invited)).toBe("E_FORBIDDEN");
  });

  test("needs something to change, somebody to change, and a recent proof", async () => {
    const staff = await join("staff");
    expect(outcome(await patch(owner, staff, {}))).toBe("E_VALIDATION");
    expect(outcome(await patch(owner, staff, { role: "king" }))).toBe("E_VALIDATION");
    const unknown = { ...staff, userId: randomUUID() };
    expect(outcome(await patch(owner, unknown, { role: "viewer" }))).toBe("E_NOT_FOUND");
    clock.advance(10 * 60_000);
    expect(outcome(await patch(owner, staff, { role: "viewer" }))).toBe("E_CONFIRM");
    expect(outcome(await remove(owner, staff))).toBe("E_CONFIRM");
  });

  test("never reaches another organisation's members", async () => {
    const elsewhere = await createTestOrganisation(testHub.hub.db);
    const stranger = await join("owner", elsewhere.orgId);
    await join("owner", elsewhere.orgId);
    expect(outcome(await patch(owner, stranger, { role: "viewer" }))).toBe("E_NOT_FOUND");
    expect(outcome(await remove(owner, stranger))).toBe("E_NOT_FOUND");
    const own = (await call(stranger, "GET", "/session")).json<SessionResource>();
    expect(own).toMatchObject({ role: "owner", organisation: { id: elsewhere.orgId } });
  });
});

test("what a staff member sees is set, and written down", async () => {
  const staff = await join("staff");
  const answer = await patch(owner, staff, {
    provider_email: "Chair-2@Example.com",
    hide_contacts: true,
  });
  expect(answer.json()).toMatchObject({
    role: "staff",
    provider_email: "chair-2@example.com",
    hide_contacts: true,
  });
  const lines = (await audited(staff.userId)).filter(
    ({ action }) => action !== "session.signed_in",
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    action: "member.updated",
    old: { provider_email: null, hide_contacts: false },
    new: { provider_email: "chair-2@example.com", hide_contacts: true },
  });
  // What is as it was is no change.
  expect(outcome(await patch(owner, staff, { hide_contacts: true }))).toBe(200);
  expect((await audited(staff.userId)).length).toBe(lines.length);
});

describe("the last owner", () => {
  test("can neither leave, nor be demoted, nor be removed", async () => {
    expect(outcome(await remove(owner, owner))).toBe("E_LAST_OWNER");
    expect(outcome(await patch(owner, owner, { role: "admin" }))).toBe("E_LAST_OWNER");
    const second = await join("owner");
    expect(outcome(await remove(owner, second))).toBe(200);
    expect(outcome(await patch(owner, owner, { role: "viewer" }))).toBe("E_LAST_OWNER");
    expect(await roleOf(owner)).toBe("owner");
  });

  test("is somebody who can sign in", async () => {
    const disabled = await join("owner");
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET disabled_at = now() WHERE id = $1", [disabled.userId]),
    );
    expect(outcome(await remove(owner, owner))).toBe("E_LAST_OWNER");
  });

  test("is left when two owners demote each other at once", async () => {
    const second = await join("owner");
    const answers = await Promise.all([
      patch(owner, second, { role: "viewer" }),
      patch(second, owner, { role: "viewer" }),
    ]);
    expect(answers.map(outcome).toSorted()).toEqual([200, "E_FORBIDDEN"]);
  });

  test("is left when all owners step down, leave and remove each other at once", async () => {
    const owners = [owner, ...(await Promise.all([join("owner"), join("owner"), join("owner")]))];
    const [a, b, c, d] = owners as [TestMember, TestMember, TestMember, TestMember];
    const answers = await Promise.all([
      patch(a, a, { role: "viewer" }),
      remove(b, b),
      remove(c, d),
      patch(d, c, { role: "staff" }),
      remove(a, b),
      remove(c, c),
      patch(d, d, { role: "admin" }),
    ]);
    const allowed = new Set([
      200,
      "E_FORBIDDEN",
      "E_LAST_OWNER",
      "E_NOT_FOUND",
      // Whoever was removed before their request was looked at.
      "E_UNAUTHENTICATED",
    ]);
    for (const answer of answers) expect(allowed).toContain(outcome(answer));
    const left = await testHub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT FROM membership WHERE org_id = $1 AND role = 'owner'", [orgId]),
    );
    expect(left.length).toBeGreaterThanOrEqual(1);
  });
});

describe("whoever is removed", () => {
  test("is signed out, and it is written down", async () => {
    const member = await join("manager");
    expect(outcome(await remove(owner, member))).toBe(200);
    expect(outcome(await call(member, "GET", "/session"))).toBe("E_UNAUTHENTICATED");
    expect(outcome(await remove(owner, member))).toBe("E_NOT_FOUND");
    expect((await audited(member.userId))[0]).toMatchObject({
      action: "member.removed",
      actor: { id: owner.userId },
      old: { role: "manager", email: member.email },
      new: null,
    });
    const rows = await testHub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT FROM session WHERE user_id = $1", [member.userId]),
    );
    expect(rows).toEqual([]);
  });

  test("goes on in another organisation of theirs", async () => {
    const elsewhere = await createTestOrganisation(testHub.hub.db);
    const member = await join("admin");
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'viewer')", [
        elsewhere.orgId,
        member.userId,
      ]),
    );
    await remove(owner, member);
    const session = (await call(member, "GET", "/session")).json<SessionResource>();
    expect(session).toMatchObject({ role: "viewer", organisation: { id: elsewhere.orgId } });
    expect(session.organisations.map(({ id }) => id)).toEqual([elsewhere.orgId]);
  });

  test("loses their own keys; the organisation keeps its own", async () => {
    const developer = await join("developer");
    const admin = await join("admin");
    const make = async (who: TestMember) => {
      const answer = await call(who, "POST", "/api-keys", { name: "A key", scopes: ["admin"] });
      return answer.json<{ id: string; key: string }>();
    };
    const [own, organisations] = [await make(developer), await make(admin)];
    const use = async ({ key }: { key: string }) =>
      outcome(
        await testHub.app.inject({
          url: "/api/v1/connections",
          headers: { authorization: `Bearer ${key}` },
        }),
      );
    expect([await use(own), await use(organisations)]).toEqual([200, 200]);
    await remove(owner, developer);
    await remove(owner, admin);
    expect([await use(own), await use(organisations)]).toEqual(["E_UNAUTHENTICATED", 200]);
    expect((await audited(own.id))[0]).toMatchObject({ action: "api_key.revoked" });
  });

  test("cannot come back by an invitation whose link they have seen", async () => {
    const admin = await join("admin");
    const invite = async (who: TestMember, role: Role) =>
      (
        await call(who, "POST", "/invitations", { email: `${randomUUID()}@example.com`, role })
      ).json<CreatedInvitation>();
    const theirs = await invite(admin, "admin");
    const others = await invite(owner, "admin");
    await remove(owner, admin);
    const open = (await call(owner, "GET", "/invitations")).json<List<CreatedInvitation>>().data;
    expect(open.map(({ id }) => id)).toEqual([others.id]);
    expect((await audited(theirs.id))[0]).toMatchObject({ action: "invitation.revoked" });
  });
});

describe("the keys that somebody made", () => {
  const make = async (headers: Record<string, string>, name: string): Promise<CreatedApiKey> => {
    const answer = await testHub.app.inject({
      method: "POST",
      url: "/api/v1/api-keys",
      headers,
      payload: { name, scopes: ["admin"] },
    });
    return answer.json<CreatedApiKey>();
  };
  const works = async ({ key }: CreatedApiKey): Promise<boolean> => {
    const headers = { authorization: `Bearer ${key}` };
    return (await testHub.app.inject({ url: "/api/v1/connections", headers })).statusCode === 200;
  };
  const preview = async (whom: TestMember, query = "", who = owner): Promise<MemberKeys> =>
    (await call(who, "GET", `/members/${whom.userId}/keys${query}`)).json<MemberKeys>();
  const names = ({ revoked_keys, kept_keys }: MemberKeys) => ({
    revoked: revoked_keys.map(({ name }) => name),
    kept: kept_keys.map(({ name }) => name),
  });
  const asHolder = ({ key }: CreatedApiKey) => ({ authorization: `Bearer ${key}` });

  /** Somebody who was a developer with a key, then an admin with a key that made another. */
  async function formerDeveloper() {
    const member = await join("developer");
    const own = await make(member.headers, "Their own");
    await patch(owner, member, { role: "admin" });
    const shop = await make(member.headers, "Shop");
    const below = await make(asHolder(shop), "Made by Shop");
    const others = await make(owner.headers, "The owner's");
    return { member, own, shop, below, others };
  }

  test("are told before the person is removed: which end, and which go on", async () => {
    const { member } = await formerDeveloper();
    const expected = { revoked: ["Their own"], kept: ["Made by Shop", "Shop"] };
    expect(names(await preview(member))).toEqual(expected);
    expect(names(await preview(member, "", member))).toEqual(expected);
    expect(names(await preview(member, "?role=viewer"))).toEqual(expected);
    expect(names(await preview(member, "?role=developer"))).toEqual({
      revoked: [],
      kept: ["Made by Shop", "Shop"],
    });
    expect(names(await preview(member, "?role=owner"))).toEqual({ revoked: [], kept: [] });
    const viewer = await join("viewer");
    expect(outcome(await call(viewer, "GET", `/members/${member.userId}/keys`))).toBe(
      "E_FORBIDDEN",
    );
    const unknown = { ...member, userId: randomUUID() };
    expect(outcome(await call(owner, "GET", `/members/${unknown.userId}/keys`))).toBe(
      "E_NOT_FOUND",
    );
  });

  test("go on when they are the organisation's, and the answer of the removal names them", async () => {
    const { member, own, shop, below, others } = await formerDeveloper();
    const answer = (await remove(owner, member)).json<MemberKeys>();
    expect(names(answer)).toEqual({ revoked: ["Their own"], kept: ["Made by Shop", "Shop"] });
    expect(answer.kept_keys[1]).toEqual({ id: shop.id, name: "Shop", prefix: shop.prefix });
    expect(await works(own)).toBe(false);
    for (const left of [shop, below, others]) expect(await works(left)).toBe(true);
  });

  test("end with the removal when that is asked for, each with a line in the audit log", async () => {
    const { member, own, shop, below, others } = await formerDeveloper();
    const answer = await remove(owner, member, "?revoke_keys=true");
    const { revoked, kept } = names(answer.json<MemberKeys>());
    expect(kept).toEqual([]);
    expect(revoked.toSorted()).toEqual(["Made by Shop", "Shop", "Their own"]);
    for (const ended of [own, shop, below]) {
      expect(await works(ended)).toBe(false);
      expect((await audited(ended.id))[0]).toMatchObject({
        action: "api_key.revoked",
        actor: { id: owner.userId },
      });
    }
    expect(await works(others)).toBe(true);
    expect(outcome(await remove(owner, await join("viewer"), "?revoke_keys=perhaps"))).toBe(
      "E_VALIDATION",
    );
  });

  test("are settled at a change of role in the same way", async () => {
    const { member, own, shop, below } = await formerDeveloper();
    const asDeveloper = (await patch(owner, member, { role: "developer" })).json<MemberKeys>();
    expect(names(asDeveloper)).toEqual({ revoked: [], kept: ["Made by Shop", "Shop"] });
    const asViewer = (await patch(owner, member, { role: "viewer" })).json<MemberKeys>();
    expect(names(asViewer)).toEqual({ revoked: ["Their own"], kept: ["Made by Shop", "Shop"] });
    expect((await audited(own.id))[0]).toMatchObject({ action: "api_key.revoked" });
    expect([await works(own), await works(shop), await works(below)]).toEqual([false, true, true]);
    // What does not touch the role does not touch keys.
    const renamed = (await patch(owner, member, { hide_contacts: true })).json<MemberKeys>();
    expect(names(renamed)).toEqual({ revoked: [], kept: [] });
    // Whoever kept them at first can still end them.
    const later = (await patch(owner, member, { revoke_keys: true })).json<MemberKeys>();
    expect(names(later)).toMatchObject({ kept: [] });
    expect([await works(shop), await works(below)]).toEqual([false, false]);
  });

  test("end at once with a demotion when that is asked for; what the new role may make stays", async () => {
    const { member, own, shop } = await formerDeveloper();
    const changes = { role: "developer", revoke_keys: true };
    const answer = (await patch(owner, member, changes)).json<MemberKeys>();
    expect(names(answer)).toEqual({ revoked: ["Made by Shop", "Shop"], kept: [] });
    expect([await works(own), await works(shop)]).toEqual([true, false]);
  });

  test("are nothing that whoever leaves ends for the others, unless they may", async () => {
    const { member, shop } = await formerDeveloper();
    await patch(owner, member, { role: "manager" });
    expect(outcome(await remove(member, member, "?revoke_keys=true"))).toBe("E_FORBIDDEN");
    expect(names((await remove(member, member)).json<MemberKeys>()).kept).toContain("Shop");
    expect(await works(shop)).toBe(true);
  });

  test("do not slip through while the person is removed", async () => {
    for (let round = 0; round < 4; round++) {
      const member = await join("admin");
      const made = Array.from({ length: 5 }, () => make(member.headers, "Late"));
      const [keys, answer] = await Promise.all([
        Promise.all(made),
        remove(owner, member, "?revoke_keys=true"),
      ]);
      expect(outcome(answer)).toBe(200);
      for (const key of keys) if (key.key !== undefined) expect(await works(key)).toBe(false);
    }
  });
});

test("whoever is demoted loses the invitations that they could not make any more", async () => {
  const second = await join("owner");
  const invite = async (role: Role) =>
    (
      await call(second, "POST", "/invitations", { email: `${randomUUID()}@example.com`, role })
    ).json<CreatedInvitation>().id;
  const asOwner = await invite("owner");
  const asViewer = await invite("viewer");
  const open = async () =>
    (await call(owner, "GET", "/invitations"))
      .json<List<CreatedInvitation>>()
      .data.map(({ id }) => id);
  expect(await open()).toEqual([asViewer, asOwner]);
  await patch(owner, second, { role: "admin" });
  expect(await open()).toEqual([asViewer]);
  await patch(owner, second, { role: "manager" });
  expect(await open()).toEqual([]);
});

describe("leaving", () => {
  test("is everybody's right, and written down as that", async () => {
    for (const role of roles.slice(1)) {
      const member = await join(role);
      expect(outcome(await remove(member, member)), role).toBe(200);
      expect((await audited(member.userId))[0]).toMatchObject({ action: "member.left" });
    }
  });

  test("is the only removal that most roles may do", async () => {
    const victim = await join("viewer");
    for (const role of roles) {
      const answer = await remove(await join(role), { ...victim, userId: randomUUID() });
      const may = role === "owner" || role === "admin";
      expect(outcome(answer), role).toBe(may ? "E_NOT_FOUND" : "E_FORBIDDEN");
    }
  });

  test("is nothing that a key can do", async () => {
    const answer = await testHub.app.inject({
      method: "DELETE",
      url: `/api/v1/members/${testHub.ownerId}`,
      headers: withKey,
    });
    expect(outcome(answer)).toBe("E_FORBIDDEN");
  });
});
