import type { AlertResource } from "@slotwire/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type CommandFixture, commandFixture } from "../../test/command-fixture.ts";
import { onRequest } from "../../test/fake-calcom-api/calcom-booking.ts";
import { withKey } from "../../test/test-hub.ts";
import { system } from "../db/database.ts";

let hub: CommandFixture;
beforeAll(async () => {
  hub = await commandFixture();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.api.trouble = null;
  hub.api.before = null;
  hub.api.requests.length = 0;
});

const later = { starts_at: "2026-03-21T12:00:00.000Z", ends_at: "2026-03-21T13:00:00.000Z" };
/** Times of its own for a test: Cal.com refuses a time that is taken. */
let day = 0;
function freeTimes(): { starts_at: string; ends_at: string } {
  day += 1;
  const at = new Date(Date.parse("2026-05-01T08:00:00.000Z") + day * 24 * 60 * 60 * 1000);
  return {
    starts_at: at.toISOString(),
    ends_at: new Date(at.getTime() + 60 * 60 * 1000).toISOString(),
  };
}
const posts = () => hub.api.requests.filter(({ method }) => method === "POST");

describe("a change of a booking that Cal.com owns", () => {
  it("is asked for, and made when Cal.com has answered", async () => {
    const before = await hub.book();
    const asked = await hub.ask(before.id, "cancel", { reason: "The groomer is ill." });
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({
      kind: "cancel",
      status: "queued",
      source_name: "Cal.com",
      reason: "The groomer is ill.",
      booking: { id: before.id, status: "confirmed", version: before.version },
    });
    expect(asked.headers["location"]).toBe(`/api/v1/commands/${asked.body.id}`);
    expect(await hub.booking(before.id)).toEqual(before);

    await hub.work();
    const after = await hub.booking(before.id);
    expect(after).toMatchObject({ status: "cancelled", status_reason: "The groomer is ill." });
    const [command] = await hub.commands(`&booking_id=${before.id}`);
    expect(command).toMatchObject({ status: "confirmed", problem: null });
    expect(command?.event_id).not.toBeNull();
    expect(posts()).toHaveLength(1);

    await hub.deliver();
    expect((await hub.booking(before.id)).version).toBe(after.version);
  });

  it("moves it under a new id, and the message that comes later says nothing new", async () => {
    const before = await hub.book();
    const times = freeTimes();
    const asked = await hub.ask(before.id, "reschedule", { ...times, reason: "Earlier is better" });
    expect(asked.body).toMatchObject({ kind: "reschedule", status: "queued", ...times });
    await hub.work();
    const after = await hub.booking(before.id);
    expect(after).toMatchObject({ ...times, status: "confirmed" });
    expect(after.external_refs.filter(({ kind }) => kind === "uid")).toHaveLength(2);
    await hub.deliver();
    expect((await hub.booking(before.id)).version).toBe(after.version);

    // The next command goes to the id that it has now.
    await hub.ask(before.id, "cancel");
    await hub.work();
    expect(await hub.booking(before.id)).toMatchObject({ status: "cancelled" });
    expect(posts().map(({ path }) => path.split("/").at(-1))).toEqual(["reschedule", "cancel"]);
  });

  it.each([
    ["confirmed", "confirm", "confirmed"],
    ["rejected", "decline", "rejected"],
  ])("answers a request with %s", async (status, verb, result) => {
    const before = await hub.book({ eventType: onRequest });
    expect(before.status).toBe("pending");
    const asked = await hub.ask(before.id, "status", { status });
    expect(asked.status).toBe(202);
    await hub.work();
    expect(posts().at(-1)?.path).toContain(verb);
    expect((await hub.booking(before.id)).status).toBe(result);
    const version = (await hub.booking(before.id)).version;
    await hub.deliver();
    expect((await hub.booking(before.id)).version).toBe(version);
  });

  it("marks who did not come, and takes the mark away", async () => {
    const start = new Date(hub.clock.now().getTime() - 30 * 60 * 1000).toISOString();
    const before = await hub.book({ start });
    await hub.ask(before.id, "status", { status: "no_show" });
    await hub.work();
    expect(await hub.booking(before.id)).toMatchObject({
      status: "no_show",
      attendees: [{ status: "no_show" }],
    });
    await hub.deliver();
    const cleared = await hub.ask(before.id, "status", { status: "confirmed" });
    expect(cleared.body).toMatchObject({ kind: "no_show", absent: false });
    await hub.work();
    expect((await hub.booking(before.id)).status).toBe("confirmed");
  });

  it("leaves the steps of the day to the hub, also while one is asked for", async () => {
    const before = await hub.book();
    await hub.ask(before.id, "reschedule", freeTimes());
    const answer = await hub.ask(before.id, "status", { status: "checked_in" });
    expect(answer).toMatchObject({ status: 200, body: { status: "checked_in" } });
    await hub.settleAll();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([{ status: "confirmed" }]);
  });

  it("is refused at once where it would be refused anyway", async () => {
    const before = await hub.book();
    const rejected = await hub.ask(before.id, "status", { status: "rejected" });
    expect(rejected).toMatchObject({ status: 409, body: { code: "E_TRANSITION" } });
    const early = await hub.ask(before.id, "status", { status: "no_show" });
    expect(early).toMatchObject({ status: 409, body: { code: "E_TRANSITION" } });
    const stale = await hub.ask(before.id, "cancel", {}, { "if-match": '"99"' });
    expect(stale).toMatchObject({ status: 412, body: { code: "E_PRECONDITION" } });
    const zone = { ...later, time_zone: "Asia/Tokyo" };
    expect((await hub.ask(before.id, "reschedule", zone)).status).toBe(422);
    const order = { starts_at: later.ends_at, ends_at: later.starts_at };
    expect((await hub.ask(before.id, "reschedule", order)).body).toMatchObject({
      code: "E_TIME_ORDER",
    });

    await hub.ask(before.id, "cancel", {}, { "if-match": `"${before.version}"` });
    await hub.work();
    const moved = await hub.ask(before.id, "reschedule", later);
    expect(moved).toMatchObject({ status: 409, body: { code: "E_TRANSITION" } });
    const again = await hub.ask(before.id, "cancel");
    expect(again).toMatchObject({ status: 200, body: { status: "cancelled" } });
  });

  it("says how to connect the API when there is no key", async () => {
    const before = await hub.book();
    await withoutKey(async () => {
      const answer = await hub.ask(before.id, "cancel");
      expect(answer).toMatchObject({ status: 409, body: { code: "E_NOT_OWNER" } });
      expect(answer.body["remedy"]).toMatch(/at Cal\.com, or give the connection .* an API key/);
      expect(await actions(before.id)).toMatchObject({ write_back: "no_api_key", actions: [] });
    });
    expect(await actions(before.id)).toEqual({
      source: { connection_id: before.owner_connection_id, name: "Cal.com" },
      write_back: "available",
      actions: ["cancel", "reschedule"],
      statuses: [
        { status: "checked_in", by: "hub" },
        { status: "in_progress", by: "hub" },
        { status: "cancelled", by: "source" },
      ],
    });
  });
});

async function actions(id: string): Promise<unknown> {
  return (await hub.get(`/api/v1/bookings/${id}/actions`)).body;
}

async function withoutKey(work: () => Promise<void>): Promise<void> {
  const set = (sealed: Uint8Array | null): Promise<unknown> =>
    hub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE connection SET api_key_sealed = $1 WHERE kind = 'calcom'", [sealed]),
    );
  const [row] = await hub.hub.db.transaction(system, (tx) =>
    tx.query<{ sealed: Uint8Array }>(
      "SELECT api_key_sealed AS sealed FROM connection WHERE kind = 'calcom'",
    ),
  );
  await set(null);
  hub.hub.connections.forget();
  try {
    await work();
  } finally {
    await set(row?.sealed ?? null);
    hub.hub.connections.forget();
  }
}

describe("asking twice", () => {
  it("asks for nothing new while the same is on its way, and refuses anything else", async () => {
    const before = await hub.book();
    const first = await hub.ask(before.id, "cancel");
    const again = await hub.ask(before.id, "cancel");
    expect(again).toMatchObject({ status: 202, body: { id: first.body.id } });
    expect(again.headers["idempotent-replayed"]).toBe("true");
    const other = await hub.ask(before.id, "reschedule", later);
    expect(other).toMatchObject({
      status: 409,
      body: { code: "E_COMMAND_OPEN", command: { id: first.body.id, kind: "cancel" } },
    });
    await hub.work();
    expect(posts()).toHaveLength(1);
  });

  it("knows a request by its key, also when it is settled", async () => {
    const before = await hub.book();
    const key = { "idempotency-key": `cancel of ${before.id}` };
    const first = await hub.ask(before.id, "cancel", {}, key);
    await hub.work();
    const again = await hub.ask(before.id, "cancel", {}, key);
    expect(again).toMatchObject({
      status: 202,
      body: { id: first.body.id, status: "confirmed", booking: { status: "cancelled" } },
    });
    const other = await hub.ask(before.id, "reschedule", later, key);
    expect(other).toMatchObject({ status: 422, body: { code: "E_IDEMPOTENCY_KEY" } });
  });

  it("lets two at the same moment become one", async () => {
    const before = await hub.book();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => hub.ask(before.id, "cancel")),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(
      answers.filter(({ headers }) => headers["idempotent-replayed"] === undefined),
    ).toHaveLength(1);
    await hub.work();
    expect(posts()).toHaveLength(1);
  });
});

describe("what Cal.com says no to", () => {
  it("is refused with its reason", async () => {
    const taken = await hub.book({ start: "2026-04-02T10:00:00Z" });
    const before = await hub.book({ start: "2026-04-03T10:00:00Z" });
    const times = { starts_at: taken.starts_at, ends_at: taken.ends_at };
    await hub.ask(before.id, "reschedule", times);
    await hub.work();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([
      {
        status: "refused",
        problem: { code: "E_SOURCE_REFUSED", message: expect.stringContaining("not available") },
      },
    ]);
    expect(await hub.booking(before.id)).toMatchObject({ version: before.version });
  });

  it("is confirmed when it is so already, and what came between is recorded", async () => {
    const before = await hub.book();
    const uid = before.external_refs.find(({ kind }) => kind === "uid")?.external_id ?? "";
    await hub.ask(before.id, "cancel");
    hub.calcom.cancel(uid, { reason: "I am away", by: "jan@mail.example" });
    await hub.work();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([{ status: "confirmed" }]);
    expect(await hub.booking(before.id)).toMatchObject({
      status: "cancelled",
      status_reason: "I am away",
    });
  });

  it("is refused when it is cancelled there, and the booking says so", async () => {
    const before = await hub.book();
    const uid = before.external_refs.find(({ kind }) => kind === "uid")?.external_id ?? "";
    await hub.ask(before.id, "reschedule", freeTimes());
    hub.calcom.cancel(uid, { reason: "I am away" });
    await hub.work();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([
      { status: "refused", problem: { message: expect.stringContaining("cancelled") } },
    ]);
    expect((await hub.booking(before.id)).status).toBe("cancelled");
  });

  it("says so of a wrong key, and writes no key into the log", async () => {
    const before = await hub.book();
    await hub.ask(before.id, "cancel");
    hub.api.trouble = () => ({
      status: 401,
      body: JSON.stringify({ error: { message: "Invalid" } }),
    });
    await hub.work();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([
      {
        status: "refused",
        problem: { code: "E_SOURCE_KEY", message: expect.stringContaining("wrong, or may not") },
      },
    ]);
    expect(hub.logged()).not.toContain("cal_live_key");
  });

  it("raises an alert of a wrong key, which the next command that is let in ends", async () => {
    const before = await hub.book();
    const alerts = async () =>
      (await hub.get<{ data: AlertResource[] }>("/api/v1/alerts?open=true")).body.data;
    const refuse = (status: number) => {
      hub.api.trouble = () => ({ status, body: JSON.stringify({ error: { message: "No" } }) });
    };
    hub.clock.advance(1000);
    refuse(401);
    await hub.ask(before.id, "cancel");
    await hub.work();
    expect((await alerts()).map(({ kind }) => kind)).toEqual(["credential_failing"]);
    expect((await alerts())[0]?.details).toContain("No");
    hub.clock.advance(1000);
    hub.api.trouble = null;
    await hub.ask(before.id, "cancel");
    await hub.work();
    expect(await alerts()).toEqual([]);
    // A key that may not do one thing with one booking is let in otherwise.
    const other = await hub.book();
    refuse(403);
    await hub.ask(other.id, "cancel");
    await hub.work();
    expect(await alerts()).toEqual([]);
  });
});

describe("a Cal.com that is out of order", () => {
  it("is tried again with pauses, as it wishes, and given up after a quarter of an hour", async () => {
    const before = await hub.book();
    await hub.ask(before.id, "cancel");
    hub.api.trouble = () => ({ status: 429, headers: { "retry-after": "40" } });
    await hub.work();
    const [waiting] = await hub.commands(`&booking_id=${before.id}`);
    expect(waiting).toMatchObject({ status: "queued", problem: { code: "E_SOURCE_UNAVAILABLE" } });
    const wait = Date.parse(waiting?.next_attempt_at ?? "") - hub.clock.now().getTime();
    expect(wait).toBe(40_000);
    hub.clock.advance(39_000);
    await hub.work();
    expect(posts()).toHaveLength(1);

    hub.api.trouble = () => ({ status: 503 });
    await hub.settleAll();
    const [gaveUp] = await hub.commands(`&booking_id=${before.id}`);
    expect(gaveUp).toMatchObject({ status: "expired", problem: { code: "E_SOURCE_UNAVAILABLE" } });
    const took = Date.parse(gaveUp?.settled_at ?? "") - Date.parse(gaveUp?.created_at ?? "");
    expect(took).toBeGreaterThanOrEqual(15 * 60_000);
    expect(took).toBeLessThanOrEqual(16 * 60_000);
    expect((await hub.booking(before.id)).status).toBe("confirmed");
  });

  it("is looked at before it is asked again, so that nothing is done twice", async () => {
    const before = await hub.book();
    const uid = before.external_refs.find(({ kind }) => kind === "uid")?.external_id ?? "";
    const times = freeTimes();
    await hub.ask(before.id, "reschedule", times);
    hub.api.trouble = ({ method }) => {
      if (method !== "POST") return null;
      hub.calcom.reschedule(uid, times.starts_at, hub.calcom.host.email);
      return { status: 502 };
    };
    await hub.work();
    const [unknown] = await hub.commands(`&booking_id=${before.id}`);
    expect(unknown).toMatchObject({ status: "sending" });
    expect((await withdraw(unknown?.id ?? "")).status).toBe(409);

    hub.api.trouble = null;
    await hub.settleAll();
    expect(posts()).toHaveLength(1);
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([{ status: "confirmed" }]);
    expect(await hub.booking(before.id)).toMatchObject(times);
  });

  it("is not asked for what somebody else moved meanwhile", async () => {
    const before = await hub.book();
    const uid = before.external_refs.find(({ kind }) => kind === "uid")?.external_id ?? "";
    await hub.ask(before.id, "reschedule", freeTimes());
    hub.calcom.reschedule(uid, freeTimes().starts_at);
    await hub.deliver();
    await hub.work();
    expect(posts()).toHaveLength(0);
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([
      { status: "refused", problem: { code: "E_CONFLICT" } },
    ]);
  });
});

async function withdraw(id: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const url = `/api/v1/commands/${id}`;
  const answer = await hub.app.inject({ method: "DELETE", url, headers: withKey });
  return { status: answer.statusCode, body: answer.json() };
}

describe("an answer that does not tell of the booking", () => {
  it("is confirmed by the message that does", async () => {
    const { before } = await acceptSilently();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([{ status: "accepted" }]);
    await hub.deliver();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([{ status: "confirmed" }]);
    expect(hub.api.requests.filter(({ method }) => method === "GET")).toEqual([]);
  });

  it("is confirmed by a look at the source when no message comes", async () => {
    const { before } = await acceptSilently();
    await hub.settleAll();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([{ status: "confirmed" }]);
    expect((await hub.booking(before.id)).status).toBe("cancelled");
    await hub.deliver();
  });

  it("ends with a reason when it has no effect for ten minutes", async () => {
    const before = await hub.book();
    await hub.ask(before.id, "cancel");
    hub.api.trouble = emptyAnswer(() => {});
    await hub.work();
    hub.api.trouble = null;
    await hub.settleAll();
    expect(await hub.commands(`&booking_id=${before.id}`)).toMatchObject([
      {
        status: "expired",
        problem: { message: expect.stringContaining("accepted it, but still") },
      },
    ]);
  });
});

/** Does what is asked, and answers without the booking. */
function emptyAnswer(effect: (uid: string) => void): NonNullable<typeof hub.api.trouble> {
  return ({ method, path }) => {
    if (method !== "POST") return null;
    effect(decodeURIComponent(path.split("/")[3] ?? ""));
    return { status: 200, body: JSON.stringify({ status: "success", data: [] }) };
  };
}

async function acceptSilently() {
  const before = await hub.book();
  await hub.ask(before.id, "cancel");
  hub.api.trouble = emptyAnswer((uid) => void hub.calcom.cancel(uid, { reason: "asked" }));
  await hub.work();
  hub.api.trouble = null;
  return { before };
}

describe("a command", () => {
  it("is withdrawn while it is queued, and leaves lines in the audit log and the timeline", async () => {
    const before = await hub.book();
    const { id } = (await hub.ask(before.id, "cancel")).body;
    expect((await withdraw(id)).body).toMatchObject({ id, status: "withdrawn" });
    expect((await withdraw(id)).status).toBe(200);
    await hub.work();
    expect(posts()).toHaveLength(0);
    const audit = await hub.get<{ data: { action: string }[] }>(`/api/v1/audit?entity_id=${id}`);
    expect(audit.body.data.map(({ action }) => action)).toEqual([
      "command.withdrawn",
      "command.requested",
    ]);
    await hub.ask(before.id, "cancel");
    await hub.work();
    const { commands } = await hub.timeline(before.id);
    expect(commands.map(({ status }) => status)).toEqual(["confirmed", "withdrawn"]);
    expect((await withdraw(commands[0]?.id ?? "")).body).toMatchObject({ code: "E_COMMAND_STATE" });
  });

  it("is shown on the page of the timeline that it belongs to", async () => {
    const before = await hub.book();
    await hub.ask(before.id, "reschedule", freeTimes());
    await hub.work();
    await hub.ask(before.id, "cancel");
    await hub.work();
    const read = async (cursor: string) =>
      (
        await hub.get<{ commands: { kind: string }[]; next_cursor: string | null }>(
          `/api/v1/bookings/${before.id}/timeline?limit=1${cursor}`,
        )
      ).body;
    const kinds: string[] = [];
    let page = await read("");
    kinds.push(...page.commands.map(({ kind }) => kind));
    while (page.next_cursor !== null) {
      page = await read(`&cursor=${page.next_cursor}`);
      kinds.push(...page.commands.map(({ kind }) => kind));
    }
    expect(kinds).toEqual(["cancel", "reschedule"]);
  });
});
