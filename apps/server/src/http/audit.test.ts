import { randomUUID } from "node:crypto";
import {
  type AuditActorResource,
  auditActions,
  auditEntities,
  type AuditEntry,
  type BookingResource,
  type DestinationWithSecret,
  type List,
  type MemberResource,
  type Problem,
} from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { withKey } from "../../test/test-hub.ts";
import { auditStatement, listAudit } from "../access/list-audit.ts";
import { auditActorsStatement, listAuditActors } from "../access/list-audit-actors.ts";
import { type AuditRecord, hubAuthor, recordAudit } from "../access/record-audit.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import { type Scope, system, tenant } from "../db/database.ts";
import { disableDestination } from "../destinations/disable-destination.ts";

/** Every look at it is a second later: what comes after something is later, also on a fast machine. */
let seconds = 0;
const clock = { now: () => new Date(Date.UTC(2026, 3, 1) + (seconds += 1) * 1000) };

let fixture: InboxFixture;
beforeAll(async () => {
  fixture = await inboxFixture({ clock, config: { allowPrivateDestinations: true } });
});
afterAll(() => fixture.close());

const line = (orgId: string, changes: Partial<AuditRecord> = {}): AuditRecord => ({
  ...hubAuthor(orgId),
  at: new Date("2026-05-01T08:00:00Z"),
  action: "api_key.created",
  entityId: randomUUID(),
  ...changes,
});

async function organisationWith(...lines: Partial<AuditRecord>[]): Promise<string> {
  const { db } = fixture.hub;
  const { orgId } = await createTestOrganisation(db);
  await db.transaction(tenant(orgId), async (tx) => {
    for (const changes of lines) await recordAudit(tx, line(orgId, changes));
  });
  return orgId;
}

const first = { limit: 50, before: null };
const actionsOf = (entries: readonly AuditEntry[]): string[] => entries.map(({ action }) => action);

/** What the API's audit log says, the newest first. */
async function audit(query = ""): Promise<AuditEntry[]> {
  const { status, body } = await fixture.get<List<AuditEntry>>(`/api/v1/audit?limit=200${query}`);
  expect(status).toBe(200);
  return body.data;
}

async function call<Body>(method: "POST" | "PATCH" | "DELETE", url: string, payload?: object) {
  const headers = { ...withKey, "user-agent": "a browser of the tests" };
  const answer = await fixture.app.inject({ method, url, headers, ...(payload && { payload }) });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return (answer.body === "" ? null : answer.json()) as Body;
}

describe("the audit log", () => {
  it("is read page by page, the newest first, without missing or repeating a line", async () => {
    const { hub } = fixture;
    // Three lines share each instant: the id decides between them.
    const at = (minute: number): Date => new Date(Date.UTC(2026, 4, 1, 8, minute));
    const orgId = await organisationWith(
      ...Array.from({ length: 9 }, (_, no) => ({ entityName: String(no), at: at(no % 3) })),
    );
    const seen: AuditEntry[] = [];
    let before: readonly [string, string] | null = null;
    do {
      const { entries, next } = await listAudit(hub, orgId, {}, { limit: 2, before });
      seen.push(...entries);
      before = next;
    } while (before !== null);
    expect(new Set(seen.map(({ entity_name }) => entity_name)).size).toBe(9);
    expect(seen).toHaveLength(9);
    const times = seen.map((entry) => entry.at);
    expect(times).toEqual(times.toSorted().toReversed());
  });

  it("is narrowed by who, what and when", async () => {
    const { hub } = fixture;
    const actor = { kind: "user", id: randomUUID(), name: "Somebody" } as const;
    const entityId = randomUUID();
    const orgId = await organisationWith(
      { actor },
      { action: "member.updated", entityId },
      { action: "member.removed", at: new Date("2026-05-01T09:00:00Z") },
      { action: "connection.paused", at: new Date("2026-05-02T08:00:00Z") },
    );
    const list = async (filter: Parameters<typeof listAudit>[2]): Promise<string[]> =>
      actionsOf((await listAudit(hub, orgId, filter, first)).entries);
    expect(await list({ actorId: actor.id })).toEqual(["api_key.created"]);
    expect(await list({ actorKind: "user" })).toEqual(["api_key.created"]);
    expect(await list({ actorKind: "system" })).toHaveLength(3);
    expect(await list({ entity: "member" })).toEqual(["member.removed", "member.updated"]);
    expect(await list({ entityId })).toEqual(["member.updated"]);
    expect(await list({ entity: "connection", entityId })).toEqual([]);
    expect(await list({ action: "member.removed" })).toEqual(["member.removed"]);
    expect(await list({ from: "2026-05-02T10:00:00+02:00" })).toEqual(["connection.paused"]);
    expect(await list({ to: "2026-05-02T10:00:00+02:00" })).toHaveLength(3);
  });

  it("shows no line of another organisation, whatever is asked for", async () => {
    const { hub } = fixture;
    const entityId = randomUUID();
    const theirs = await organisationWith({ entityId }, { entityId });
    const mine = await organisationWith({ entityId });
    const { entries, next } = await listAudit(hub, theirs, {}, { limit: 1, before: null });
    expect(entries).toHaveLength(1);
    // A position of theirs opens nothing.
    const page = await listAudit(hub, mine, { entityId }, { limit: 50, before: next });
    expect(page.entries.length).toBeLessThanOrEqual(1);
    expect((await listAudit(hub, mine, { entityId }, first)).entries).toHaveLength(1);
    await expect(
      hub.db.transaction(tenant(mine), (tx) => recordAudit(tx, line(theirs))),
    ).rejects.toMatchObject({ code: "42501" });
    expect(actionsOf(await audit(`&entity_id=${entityId}`))).toEqual([]);
  });

  it("cannot be changed, shortened or emptied, not even by the owner of the table", async () => {
    const { db } = fixture.hub;
    const orgId = await organisationWith({});
    const scopes: readonly Scope[] = [tenant(orgId), system];
    for (const statement of [
      "UPDATE audit_log SET actor_name = 'nobody'",
      "DELETE FROM audit_log",
      "TRUNCATE audit_log",
    ]) {
      for (const scope of scopes) {
        await expect(
          db.transaction(scope, (tx) => tx.query(statement)),
          `${scope.kind}: ${statement}`,
        ).rejects.toMatchObject({ code: "42501" });
      }
      await expect(db.query(statement), `owner: ${statement}`).rejects.toMatchObject({
        code: "42501",
        message: "the audit log is append-only",
      });
    }
    expect((await listAudit(fixture.hub, orgId, {}, first)).entries).toHaveLength(1);
  });

  it("knows nothing of a change that was undone", async () => {
    const { db } = fixture.hub;
    const orgId = await organisationWith();
    await expect(
      db.transaction(tenant(orgId), async (tx) => {
        await recordAudit(tx, line(orgId));
        throw new Error("the change failed after all");
      }),
    ).rejects.toThrow("after all");
    expect((await listAudit(fixture.hub, orgId, {}, first)).entries).toEqual([]);
  });

  it("reads a page from an index, in order, whatever narrows it", async () => {
    const { db } = fixture.hub;
    const orgId = await organisationWith();
    await db.transaction(system, (tx) =>
      tx.query(
        `INSERT INTO audit_log (org_id, id, at, actor_kind, actor_id, actor_name, action, entity,
                                entity_id)
         SELECT $1, uuid7(), now() - no * interval '1 minute', 'user', 'user ' || no % 50, 'x',
                ($2::text[])[1 + no % $3], ($4::text[])[1 + no % $5], no
           FROM generate_series(1, 5000) no`,
        [orgId, auditActions, auditActions.length, auditEntities, auditEntities.length],
      ),
    );
    await db.script("ANALYZE audit_log");
    const plan = async ({ text, values }: ReturnType<typeof auditStatement>): Promise<string> => {
      const rows = await db.transaction(tenant(orgId), (tx) =>
        tx.query<Record<string, string>>(`EXPLAIN ${text}`, values),
      );
      return rows.map((row) => Object.values(row)[0]).join("\n");
    };
    for (const [filter, index] of [
      [{}, "audit_log_latest"],
      [{ actorId: "user 7" }, "audit_log_actor"],
      [{ entity: "member" }, "audit_log_entity"],
      [{ entityId: "7" }, "audit_log_entity_id"],
      [{ action: "member.removed" }, "audit_log_action"],
      [{ from: "2020-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z" }, "audit_log_latest"],
    ] as const) {
      const text = await plan(auditStatement(orgId, filter, first));
      expect(text).toContain(`Index Scan Backward using ${index} `);
      expect(text).not.toContain("Sort");
    }
    const actors = await plan(auditActorsStatement(orgId));
    expect(actors.match(/Index (Only )?Scan( Backward)? using audit_log_actor /g)).toHaveLength(3);
    expect(actors).not.toMatch(/Seq Scan|Bitmap|audit_log_(?!actor)/);
  });

  it("refuses a cursor, an instant and an actor that are none", async () => {
    expect((await fixture.get("/api/v1/audit?cursor=nonsense")).status).toBe(400);
    for (const query of [
      "from=yesterday",
      "to=2026-02-30T08:00:00Z",
      "from=2026-02-20",
      "actor_id=",
      "limit=0",
    ]) {
      const { status } = await fixture.get(`/api/v1/audit?${query}`);
      expect(status, query).toBe(422);
    }
  });

  it("names what a filter may be, when it is something that no line could have", async () => {
    for (const [name, value, allowed] of [
      ["action", "member.danced", auditActions],
      ["entity", "members", auditEntities],
      ["actor_kind", "robot", ["user", "api_key", "connection", "system"]],
    ] as const) {
      const answer = await fixture.get<Problem>(`/api/v1/audit?${name}=${value}`);
      expect(answer).toMatchObject({ status: 422, body: { code: "E_VALIDATION" } });
      const [error] = answer.body.errors ?? [];
      expect(error?.path).toBe(`query.${name}`);
      for (const word of allowed) expect(error?.message).toContain(`"${word}"`);
      for (const word of allowed) {
        expect((await fixture.get(`/api/v1/audit?${name}=${word}`)).status, word).toBe(200);
      }
    }
  });

  it("says who stands in it, by the name of the last time, also who has left", async () => {
    const { hub } = fixture;
    const ada = { kind: "user", id: randomUUID() } as const;
    const key = { kind: "api_key", id: randomUUID(), name: "Shop" } as const;
    const at = (hour: number): Date => new Date(Date.UTC(2026, 4, 1, hour));
    const orgId = await organisationWith(
      { actor: { ...ada, name: "Ada Newname" }, at: at(9) },
      { actor: { ...ada, name: "Ada Oldname" }, at: at(8) },
      { actor: key, at: at(7) },
      {},
    );
    expect(await listAuditActors(hub, orgId)).toEqual([
      { ...ada, name: "Ada Newname", last_at: at(9).toISOString() },
      { ...key, last_at: at(7).toISOString() },
    ]);
    expect(await listAuditActors(hub, await organisationWith({}))).toEqual([]);
  });

  it("finds by name who is no member any more", async () => {
    const { hub } = fixture;
    const userId = randomUUID();
    await hub.db.transaction(system, async (tx) => {
      await tx.query("INSERT INTO app_user (id, name, email) VALUES ($1, 'Gone', 'gone@x.se')", [
        userId,
      ]);
      await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'manager')", [
        hub.defaultOrgId,
        userId,
      ]);
      const actor = { kind: "user", id: userId, name: "Gone" } as const;
      await recordAudit(tx, line(hub.defaultOrgId, { actor, action: "session.signed_in" }));
    });
    await call("DELETE", `/api/v1/members/${userId}`);
    const members = await fixture.get<List<MemberResource>>("/api/v1/members");
    expect(members.body.data.map(({ user_id: id }) => id)).not.toContain(userId);
    const actors = await fixture.get<List<AuditActorResource>>("/api/v1/audit/actors");
    expect(actors.body.data).toContainEqual(
      expect.objectContaining({ kind: "user", id: userId, name: "Gone" }),
    );
    expect(actionsOf(await audit(`&actor_id=${userId}`))).toEqual(["session.signed_in"]);
  });
});

describe("a destination's changes", () => {
  it("leave a line each: who, from where, what was and what is, and no secret", async () => {
    const input = { name: "Audited", url: "http://127.0.0.1:9/hook?key=s3cret" };
    const created = await call<DestinationWithSecret>("POST", "/api/v1/destinations", input);
    const path = `/api/v1/destinations/${created.id}`;
    await call("PATCH", path, { name: "Audited again" });
    await call("POST", `${path}/pause`);
    await call("POST", `${path}/pause`);
    await call("POST", `${path}/resume`);
    const rotated = await call<DestinationWithSecret>("POST", `${path}/rotate-secret`);
    await disableDestination(fixture.hub, fixture.hub.defaultOrgId, created.id, "Gone.");
    await call("DELETE", path);

    const lines = await audit(`&entity_id=${created.id}`);
    expect(actionsOf(lines)).toEqual(
      [
        "destination.created",
        "destination.changed",
        "destination.paused",
        "destination.resumed",
        "destination.secret_rotated",
        "destination.disabled",
        "destination.deleted",
      ].toReversed(),
    );
    expect(lines.at(-2)).toMatchObject({
      actor: { kind: "api_key", id: "environment" },
      entity: "destination",
      entity_name: "Audited again",
      old: { name: "Audited" },
      new: { name: "Audited again" },
      address: "127.0.0.1",
      user_agent: "a browser of the tests",
    });
    expect(lines[1]).toMatchObject({
      actor: { kind: "system", name: "Slotwire" },
      new: { status: "disabled", disabled_reason: "Gone." },
      address: null,
    });
    const all = JSON.stringify(lines);
    for (const secret of [created.secret, rotated.secret, "s3cret"]) {
      expect(all).not.toContain(secret);
    }
  });
});

describe("a booking's changes", () => {
  const book = (changes: object = {}): Promise<BookingResource> =>
    call<BookingResource>("POST", "/api/v1/bookings", {
      starts_at: "2026-06-01T08:00:00Z",
      ends_at: "2026-06-01T09:00:00Z",
      title: "A cut for Greta Personal",
      attendees: [{ name: "Greta Personal", email: "greta@example.com", phone: "+46700000001" }],
      provider: { name: "Doris", email: "doris@example.com" },
      ...changes,
    });

  it("by people and programs leave a line each, without customers' data", async () => {
    const { id, booking_number } = await book();
    const path = `/api/v1/bookings/${id}`;
    await call("POST", `${path}/reschedule`, {
      starts_at: "2026-06-02T08:00:00Z",
      ends_at: "2026-06-02T09:00:00Z",
    });
    await call("POST", `${path}/cancel`, { reason: "Greta Personal is ill" });

    const lines = await audit(`&entity=booking&entity_id=${id}`);
    expect(actionsOf(lines)).toEqual([
      "booking.cancelled",
      "booking.rescheduled",
      "booking.created",
    ]);
    expect(lines[0]).toMatchObject({
      actor: { kind: "api_key", id: "environment", name: "API key of the environment" },
      entity_name: `#${booking_number}`,
      old: { status: "confirmed" },
      new: { status: "cancelled", other_fields: ["status_reason", "cancelled_by"] },
      address: "127.0.0.1",
      user_agent: "a browser of the tests",
    });
    expect(lines[1]).toMatchObject({
      old: { starts_at: "2026-06-01T08:00:00.000Z", ends_at: "2026-06-01T09:00:00.000Z" },
      new: { starts_at: "2026-06-02T08:00:00.000Z", ends_at: "2026-06-02T09:00:00.000Z" },
    });
    expect(lines[2]).toMatchObject({ old: null, new: { status: "confirmed" } });
    expect(JSON.stringify(lines)).not.toMatch(/greta|\+4670/i);
  });

  it("of one moment keep each their own origin", async () => {
    const titles = Array.from({ length: 12 }, (_, no) => `agent ${no}`);
    const booked = await Promise.all(
      titles.map(async (agent) => {
        const answer = await fixture.app.inject({
          method: "POST",
          url: "/api/v1/bookings",
          headers: { ...withKey, "user-agent": agent },
          payload: { starts_at: "2026-06-03T08:00:00Z", ends_at: "2026-06-03T09:00:00Z" },
        });
        return { agent, id: answer.json<BookingResource>().id };
      }),
    );
    for (const { agent, id } of booked) {
      const [only] = await audit(`&entity_id=${id}`);
      expect(only).toMatchObject({ action: "booking.created", user_agent: agent });
    }
  });

  it("that are refused, or come from a source, leave none", async () => {
    const before = await audit();
    const { id } = await book();
    const refused = await fixture.app.inject({
      method: "POST",
      url: `/api/v1/bookings/${id}/status`,
      headers: { ...withKey, "if-match": '"77"' },
      payload: { status: "cancelled" },
    });
    expect(refused.statusCode).toBe(412);
    const { status } = await fixture.send(calcomFixture("booking_created"));
    expect(status).toBe(200);
    expect(actionsOf(await audit())).toHaveLength(before.length + 1);
  });
});
