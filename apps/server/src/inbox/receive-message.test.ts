import type { InboundMessageDetail } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InboxFixture, inboxFixture, signed } from "../../test/inbox-fixture.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";

let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture();
});
afterAll(() => hub.close());

let count = 0;
/** A uid of this test's own, in every fixture's place for it. */
const newUid = (): string => `uid-${(count += 1)}`;
const bookingOf = async (uid: string) =>
  (await hub.bookings()).filter((booking) =>
    booking.external_refs.some((ref) => ref.external_id === uid),
  );
const later = (minutes: number): string =>
  new Date(Date.parse("2026-01-02T08:15:00Z") + minutes * 60_000).toISOString();

describe("every trigger of Cal.com", () => {
  test("BOOKING_CREATED creates a booking", async () => {
    const uid = newUid();
    const { status, body } = await hub.send(calcomFixture("booking_created", { uid }));
    expect(status).toBe(200);
    const [booking] = await bookingOf(uid);
    expect(body).toEqual({
      success: true,
      action: "created",
      booking_id: booking?.id,
      message_id: expect.any(String) as string,
    });
    expect(booking).toMatchObject({
      status: "confirmed",
      starts_at: "2026-01-05T09:00:00.000Z",
      time_zone: "Europe/Warsaw",
      attendees: [{ name: "Jan Kowalski", phone: "+48601234567" }],
      metadata: { barkbookPetId: "pet-12" },
    });
  });

  test("BOOKING_REQUESTED is pending until BOOKING_CREATED confirms it", async () => {
    const uid = newUid();
    await hub.send(calcomFixture("booking_requested", { uid }));
    expect(await bookingOf(uid)).toMatchObject([{ status: "pending" }]);
    const confirmed = { ...calcomFixture("booking_created", { uid }), createdAt: later(60) };
    expect((await hub.send(confirmed)).body.action).toBe("confirmed");
    expect(await bookingOf(uid)).toMatchObject([{ status: "confirmed", version: 2 }]);
  });

  test.each([
    ["booking_rejected", "rejected", "rejected"],
    ["booking_cancelled", "cancelled", "cancelled"],
    ["booking_no_show_updated", "no_show", "no_show"],
    ["meeting_started", "started", "in_progress"],
    ["meeting_ended", "completed", "completed"],
  ] as const)("%s leads to %s", async (name, action, status) => {
    const uid = newUid();
    const created = await hub.send(calcomFixture("booking_created", { uid }));
    const place = name === "booking_no_show_updated" ? { bookingUid: uid } : { uid };
    const { status: code, body } = await hub.send(calcomFixture(name, place));
    expect({ code, action: body.action }).toEqual({ code: 200, action });
    expect(body.booking_id).toBe(created.body.booking_id);
    expect(await bookingOf(uid)).toMatchObject([{ status }]);
  });

  test("a no-show that is taken back completes a visit that is over", async () => {
    const uid = newUid();
    await hub.send(calcomFixture("booking_created", { uid }));
    await hub.send(calcomFixture("booking_no_show_updated", { bookingUid: uid }));
    const attendees = [{ email: "jan.kowalski@mail.example", noShow: false }];
    const taken = calcomFixture("booking_no_show_updated", { bookingUid: uid, attendees });
    const { body } = await hub.send({ ...taken, createdAt: "2026-01-05T11:00:00Z" });
    expect(body.action).toBe("no_show_cleared");
    expect(await bookingOf(uid)).toMatchObject([
      { status: "completed", attendees: [{ status: "accepted" }] },
    ]);
  });

  test("PING, and a trigger that nobody knows, are ignored and kept", async () => {
    const ping = await hub.send(calcomFixture("ping"));
    expect(ping).toMatchObject({
      status: 200,
      body: { success: true, action: "ignored", booking_id: null },
    });
    const unknown = await hub.send({ triggerEvent: "BOOKING_TELEPORTED", payload: {} });
    expect(unknown).toMatchObject({ status: 200, body: { action: "ignored" } });
    expect(unknown.body.reason).toContain("BOOKING_TELEPORTED");
    const kept = await hub.messages("&status=ignored");
    expect(kept.map(({ trigger }) => trigger)).toEqual(["BOOKING_TELEPORTED", "PING"]);
  });

  test("a meeting that ends by the clock does not complete what was cancelled", async () => {
    const uid = newUid();
    await hub.send(calcomFixture("booking_created", { uid }));
    await hub.send(calcomFixture("booking_cancelled", { uid }));
    const { status, body } = await hub.send(calcomFixture("meeting_ended", { uid }));
    expect({ status, action: body.action }).toEqual({ status: 200, action: "unchanged" });
    expect(await bookingOf(uid)).toMatchObject([{ status: "cancelled" }]);
  });
});

describe("a reschedule, which gives the booking a new uid", () => {
  const pair = () => {
    const [old, next] = [newUid(), newUid()];
    const created = calcomFixture("booking_created", { uid: old });
    const moved = calcomFixture("booking_rescheduled", { uid: next, rescheduleUid: old });
    return { old, next, created, moved };
  };

  test("keeps the booking's id", async () => {
    const { old, next, created, moved } = pair();
    const first = await hub.send(created);
    const second = await hub.send(moved);
    expect(second.body).toMatchObject({ action: "rescheduled", booking_id: first.body.booking_id });
    expect(await bookingOf(old)).toEqual(await bookingOf(next));
    expect(await bookingOf(next)).toMatchObject([
      { starts_at: "2026-01-06T13:30:00.000Z", status: "confirmed", version: 2 },
    ]);
  });

  test("keeps it in the other order of arrival too", async () => {
    const { old, next, created, moved } = pair();
    const first = await hub.send(moved);
    const second = await hub.send(created);
    expect(second.status).toBe(200);
    expect(second.body.booking_id).toBe(first.body.booking_id);
    expect(await bookingOf(old)).toEqual(await bookingOf(next));
    expect(await bookingOf(next)).toMatchObject([
      { starts_at: "2026-01-06T13:30:00.000Z", status: "confirmed" },
    ]);
  });

  test("the end of the meeting that was moved away does not complete it", async () => {
    const { old, created, moved } = pair();
    await hub.send(created);
    await hub.send(moved);
    const { body } = await hub.send(calcomFixture("meeting_ended", { uid: old }));
    expect(body.action).toBe("unchanged");
    expect(await bookingOf(old)).toMatchObject([{ status: "confirmed" }]);
  });
});

describe("seats", () => {
  const seat = (uid: string, email: string) => ({
    uid,
    seatsPerTimeSlot: 8,
    attendees: [{ email, name: email }],
  });

  test("a second seat is another attendee, and giving one back leaves the class", async () => {
    const uid = newUid();
    await hub.send(
      calcomFixture("booking_created", { ...seat(uid, "a@mail.example"), attendeeSeatId: "s1" }),
    );
    const second = calcomFixture("booking_created", {
      ...seat(uid, "b@mail.example"),
      attendeeSeatId: "s2",
    });
    await hub.send({ ...second, createdAt: later(5) });
    const { body } = await hub.send(
      calcomFixture("booking_cancelled", seat(uid, "a@mail.example")),
    );
    expect(body.action).toBe("updated");
    expect(await bookingOf(uid)).toMatchObject([
      {
        status: "confirmed",
        attendees: [
          { email: "a@mail.example", status: "cancelled", seat_ref: "s1" },
          { email: "b@mail.example", status: "accepted", seat_ref: "s2" },
        ],
      },
    ]);
  });
});

describe("one seat that moves to another time", () => {
  test("is booked there and given up in its class, by one message", async () => {
    const [uid, moved] = [newUid(), newUid()];
    const seat = (email: string, seatId: string) => ({
      uid,
      seatsPerTimeSlot: 8,
      attendees: [{ email, name: email }],
      attendeeSeatId: seatId,
    });
    await hub.send(calcomFixture("booking_created", seat("a@mail.example", "s1")));
    const second = calcomFixture("booking_created", seat("b@mail.example", "s2"));
    await hub.send({ ...second, createdAt: later(5) });
    const named = { ...seat("a@mail.example", "s1"), uid: moved, rescheduleUid: uid };
    const { body } = await hub.send({
      ...calcomFixture("booking_rescheduled", named),
      createdAt: later(9),
    });
    const [left, kept] = [{ email: "a@mail.example" }, { email: "b@mail.example" }];
    expect(await bookingOf(uid)).toMatchObject([
      {
        status: "confirmed",
        attendees: [
          { ...left, status: "cancelled" },
          { ...kept, status: "accepted" },
        ],
      },
    ]);
    expect(await bookingOf(moved)).toMatchObject([
      { id: body.booking_id, status: "confirmed", attendees: [{ ...left, status: "accepted" }] },
    ]);
    const events = await hub.hub.db.transaction({ kind: "system" }, (tx) =>
      tx.query(
        `SELECT event_type, changed_fields FROM booking_event
          WHERE inbound_message_id = $1 ORDER BY seq`,
        [body.message_id],
      ),
    );
    expect(events).toEqual([
      { event_type: "booking.created", changed_fields: [] },
      { event_type: "booking.updated", changed_fields: ["attendees"] },
    ]);
  });
});

describe("a source whose clock is far ahead", () => {
  test("does not shadow what it says later, and the inbox notes its clock", async () => {
    const uid = newUid();
    const odd = calcomFixture("booking_created", { uid, title: "Wash" });
    const { body } = await hub.send({ ...odd, createdAt: "2099-01-01T00:00:00.000Z" });
    expect(body.action).toBe("created");
    const [message] = await hub.messages(`&q=${uid}`);
    expect(message?.warning).toContain("2099-01-01T00:00:00.000Z");
    const moved = calcomFixture("booking_cancelled", { uid });
    const soon = new Date(Date.now() + 60_000).toISOString();
    expect((await hub.send({ ...moved, createdAt: soon })).body.action).toBe("cancelled");
    const [second] = await hub.messages(`&q=${uid}`);
    expect(second).toMatchObject({ action: "cancelled", warning: null });
    expect(await bookingOf(uid)).toMatchObject([{ status: "cancelled" }]);
  });
});

describe("a no-show of somebody who is not on the booking", () => {
  test("is kept with its reason, and counts once they are told of", async () => {
    const uid = newUid();
    const guest = (email: string) => ({ email, name: email });
    const made = { uid, attendees: [guest("a@mail.example")] };
    await hub.send(calcomFixture("booking_created", made));
    const mark = calcomFixture("booking_no_show_updated", {
      uid,
      attendees: [{ email: "b@mail.example", noShow: true }],
    });
    const { status, body } = await hub.send({ ...mark, createdAt: later(9) });
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { success: true, action: "stored", code: "E_ATTENDEE_UNKNOWN" },
    });
    const [message] = await hub.messages(`&q=${uid}`);
    expect(message).toMatchObject({
      action: "unchanged",
      error_code: "E_ATTENDEE_UNKNOWN",
      error: expect.stringContaining("counts once they are told of") as string,
    });
    expect(message?.error).not.toContain("@");
    const both = { uid, attendees: [guest("a@mail.example"), guest("b@mail.example")] };
    await hub.send({ ...calcomFixture("booking_created", both), createdAt: later(5) });
    expect(await bookingOf(uid)).toMatchObject([
      { attendees: [{ status: "accepted" }, { status: "no_show" }] },
    ]);
  });
});

describe("a series", () => {
  test("is compared when an occurrence is called off by a message that names no series", async () => {
    const uid = newUid();
    const series = { recurringEventId: `series of ${uid}` };
    await hub.send(calcomFixture("booking_created", { uid, ...series }));
    const { body } = await hub.send(calcomFixture("booking_cancelled", { uid }));
    const asks = await hub.hub.db.transaction({ kind: "system" }, (tx) =>
      tx.query<{ ask: unknown }>("SELECT ask FROM message_ask WHERE message_id = $1", [
        body.message_id,
      ]),
    );
    expect(asks).toEqual([
      {
        ask: {
          kind: "reconcile",
          scope: { seriesRef: `series of ${uid}` },
          reason: "one cancellation may end a whole series",
        },
      },
    ]);
  });
});

describe("the same message again", () => {
  test("changes nothing and says so", async () => {
    const uid = newUid();
    const first = await hub.send(calcomFixture("booking_created", { uid }));
    const again = await hub.send(calcomFixture("booking_created", { uid }));
    expect(again).toMatchObject({
      status: 200,
      body: {
        success: true,
        action: "duplicate",
        booking_id: first.body.booking_id,
        message_id: first.body.message_id,
      },
    });
    expect(await bookingOf(uid)).toMatchObject([{ version: 1 }]);
    const [kept] = await hub.messages(`&booking_id=${first.body.booking_id}`);
    expect(kept).toMatchObject({ duplicate_count: 1, status: "processed", action: "created" });
  });

  test("twenty times at once creates one booking", async () => {
    const uid = newUid();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => hub.send(calcomFixture("booking_created", { uid }))),
    );
    const actions = answers.map(({ status, body }) => `${status} ${body.action}`).toSorted();
    expect(actions).toEqual(["200 created", ...Array<string>(19).fill("200 duplicate")]);
    expect(new Set(answers.map(({ body }) => body.booking_id)).size).toBe(1);
    expect(await bookingOf(uid)).toHaveLength(1);
  });

  test("the same booking told by another message is unchanged", async () => {
    const uid = newUid();
    await hub.send(calcomFixture("booking_created", { uid }));
    const told = { ...calcomFixture("booking_created", { uid }), createdAt: later(2) };
    expect((await hub.send(told)).body).toMatchObject({ success: true, action: "unchanged" });
  });
});

describe("bad input", () => {
  const problem = (code: string) => ({ code, type: expect.stringContaining(code) as string });

  test("a wrong signature is 401, logged without its body, and keeps nothing", async () => {
    const before = (await hub.messages()).length;
    const body = JSON.stringify(calcomFixture("booking_created", { title: "a secret title" }));
    const headers = signed(Buffer.from(body), "another secret");
    const answer = await hub.sendRaw(body, { headers });
    expect(answer).toMatchObject({ status: 401, body: problem("E_SIGNATURE") });
    expect(answer.headers["content-type"]).toMatch("application/problem+json");
    expect(await hub.messages()).toHaveLength(before);
    expect(hub.logged()).toContain("a message was refused");
    expect(hub.logged()).not.toMatch(/a secret title|Jan Kowalski|jan\.kowalski/);
  });

  test("a missing signature, and Cal.com's word for none, are 401", async () => {
    const body = JSON.stringify(calcomFixture("booking_created"));
    for (const headers of [{}, { "x-cal-signature-256": "no-secret-provided" }]) {
      const answer = await hub.sendRaw(body, { headers });
      expect(answer).toMatchObject({ status: 401, body: problem("E_SIGNATURE_MISSING") });
    }
  });

  test("a body of more than 1 MiB is 413, and one of less is taken", async () => {
    const limit = 1024 * 1024;
    const answer = await hub.sendRaw("x".repeat(limit + 1));
    expect(answer).toMatchObject({ status: 413, body: problem("E_TOO_LARGE") });
    const uid = newUid();
    const large = calcomFixture("booking_created", { uid, additionalNotes: "x".repeat(900_000) });
    expect(await hub.send(large)).toMatchObject({ status: 200, body: { action: "created" } });
  });

  test("an unknown connection, kind or address is 404", async () => {
    const paths = {
      "/api/webhooks/calcom/7e0e1d35-54a4-4a0a-8d7c-0f4d7f1f3a11": "E_CONNECTION_UNKNOWN",
      "/api/webhooks/calcom/not-an-id": "E_CONNECTION_UNKNOWN",
      "/api/webhooks/memory": "E_CONNECTION_UNKNOWN",
      "/api/webhooks/fax": "E_NOT_FOUND",
    };
    for (const [path, code] of Object.entries(paths)) {
      const answer = await hub.sendRaw("{}", { path });
      expect({ path, status: answer.status, code: answer.body["code"] }).toEqual({
        path,
        status: 404,
        code,
      });
    }
  });

  test("a connection is not reached under another kind's address", async () => {
    const { body } = await hub.get<{ data: { id: string }[] }>("/api/v1/connections");
    const id = body.data[0]?.id ?? "";
    expect(await hub.sendRaw("{}", { path: `/api/webhooks/memory/${id}` })).toMatchObject({
      status: 404,
    });
    expect(await hub.send(calcomFixture("ping"), `/api/webhooks/calcom/${id}`)).toMatchObject({
      status: 200,
    });
  });

  test.each([
    ["broken JSON", '{"triggerEvent":', "E_JSON"],
    ["no body at all", "", "E_JSON"],
    ["a form", "triggerEvent=BOOKING_CREATED&uid=7", "E_JSON"],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), "E_JSON"],
    ["65 levels", `${"[".repeat(65)}1${"]".repeat(65)}`, "E_TOO_DEEP"],
    ["half a million levels", "[".repeat(500_000), "E_TOO_DEEP"],
    ["a list", "[]", "E_MESSAGE_SHAPE"],
    ["null", "null", "E_MESSAGE_SHAPE"],
    ["an empty object", "{}", "E_MESSAGE_SHAPE"],
  ])("%s is stored as failed, with the reason", async (_name, body, code) => {
    const { status, body: receipt } = await hub.sendRaw(body);
    expect(status).toBe(202);
    expect(receipt).toMatchObject({ success: true, action: "stored", booking_id: null });
    const id = String(receipt["message_id"]);
    const detail = (await hub.get<InboundMessageDetail>(`/api/v1/inbound-messages/${id}`)).body;
    expect(detail).toMatchObject({ status: "failed", error_code: code, error: receipt["reason"] });
    expect(detail.body).toBe(new TextDecoder().decode(Buffer.from(body)));
  });

  test("64 levels are not too deep", async () => {
    const uid = newUid();
    const deep: unknown = JSON.parse(`${"[".repeat(61)}1${"]".repeat(61)}`);
    const { body } = await hub.send(calcomFixture("booking_created", { uid, metadata: { deep } }));
    expect(body.action).toBe("created");
  });

  test("U+0000 and halves of characters never reach the database's texts", async () => {
    const uid = newUid();
    const odd = {
      uid,
      title: "a\u0000b",
      description: "\uD800",
      metadata: { "k\u0000": "v\uDC00\u0000" },
    };
    expect((await hub.send(calcomFixture("booking_created", odd))).body.action).toBe("created");
    expect(await bookingOf(uid)).toMatchObject([
      { title: "ab", description: "\uFFFD", metadata: { k: "v\uFFFD" } },
    ]);
    const inId = await hub.send(calcomFixture("booking_created", { uid: "a\u0000b" }));
    expect(inId).toMatchObject({ status: 202, body: { action: "stored" } });
    const inTrigger = await hub.send({ triggerEvent: "X\u0000\uD800", payload: {} });
    expect(inTrigger).toMatchObject({ status: 200, body: { action: "ignored" } });
  });

  test.each([
    ["a start that is no date", { startTime: "tomorrow" }, "E_TIME_INVALID"],
    ["an end that is no date", { endTime: "2026-02-30T10:00:00Z" }, "E_TIME_INVALID"],
    ["a start in the year 9999", { startTime: "9999-01-01T00:00:00Z" }, "E_TIME_INVALID"],
    ["an end before its start", { endTime: "2026-01-05T08:00:00Z" }, "E_TIME_ORDER"],
    ["attendees that are no list", { attendees: {} }, "E_MESSAGE_SHAPE"],
  ])("%s is stored as failed and makes no booking", async (_name, payload, code) => {
    const uid = newUid();
    const { status, body } = await hub.send(calcomFixture("booking_created", { uid, ...payload }));
    expect({ status, action: body.action }).toEqual({ status: 202, action: "stored" });
    expect(await bookingOf(uid)).toEqual([]);
    const [kept] = await hub.messages("&status=failed");
    expect(kept).toMatchObject({
      id: body.message_id,
      error_code: code,
      trigger: "BOOKING_CREATED",
    });
  });

  test("a missing uid, and the seed's message without a start, are ignored with a reason", async () => {
    expect((await hub.send(calcomFixture("booking_created", { uid: null }))).body).toMatchObject({
      success: true,
      action: "ignored",
      reason: "missing uid",
    });
    expect(
      await hub.send({ triggerEvent: "BOOKING_CREATED", payload: { uid: "test" } }),
    ).toMatchObject({
      status: 200,
      body: { action: "ignored", reason: "missing startTime" },
    });
    // The log has both as errors, as whoever looks for what went wrong expects.
    const [kept] = await hub.messages("&status=ignored");
    expect(kept).toMatchObject({ error_code: "E_MESSAGE_SHAPE", error: "missing startTime" });
    const logged = await hub.hub.db.transaction({ kind: "system" }, (tx) =>
      tx.query(
        "SELECT error_message FROM webhook_logs WHERE status = 'error' AND error_message LIKE 'missing %' ORDER BY created_at",
      ),
    );
    expect(logged.slice(-2)).toEqual([
      { error_message: "missing uid" },
      { error_message: "missing startTime" },
    ]);
  });

  test("a failed message that is sent again is the same message", async () => {
    const broken = `{"n":${(count += 1)}`;
    const first = await hub.sendRaw(broken);
    const again = await hub.sendRaw(broken);
    expect(again).toMatchObject({ status: 202, body: { message_id: first.body["message_id"] } });
  });

  test("any content type, and none, is taken", async () => {
    for (const type of [
      "application/json",
      "text/plain",
      "application/x-www-form-urlencoded",
      "x/y; z",
      "garbage",
      null,
    ]) {
      const uid = newUid();
      const body = JSON.stringify(calcomFixture("booking_created", { uid }));
      const headers = {
        ...signed(Buffer.from(body)),
        ...(type === null ? {} : { "content-type": type }),
      };
      expect(await hub.sendRaw(body, { headers })).toMatchObject({
        status: 200,
        body: { action: "created" },
      });
    }
  });

  test("only harmless headers are kept", async () => {
    const uid = newUid();
    const body = JSON.stringify(calcomFixture("booking_created", { uid }));
    const headers = {
      ...signed(Buffer.from(body)),
      "content-type": "application/json",
      "user-agent": "Cal",
      "x-cal-webhook-version": "2021-10-20",
      authorization: "Bearer x",
      cookie: "a=b",
    };
    const { body: receipt } = await hub.sendRaw(body, { headers });
    const rows = await hub.hub.db.transaction({ kind: "system" }, (tx) =>
      tx.query<{ headers: unknown }>("SELECT headers FROM inbound_message WHERE id = $1", [
        receipt["message_id"],
      ]),
    );
    expect(rows[0]?.headers).toEqual({
      "content-type": "application/json",
      "user-agent": "Cal",
      "x-cal-webhook-version": "2021-10-20",
    });
  });
});

test("who opens a source's address is told what it is for, and nothing about the connection", async () => {
  const id = (await hub.get<{ data: { id: string }[] }>("/api/v1/connections")).body.data[0]?.id;
  const nobody = "00000000-0000-4000-8000-000000000000";
  for (const path of ["", `/${id}`, `/${nobody}`, `/${nobody}/a-token`, "/nonsense"]) {
    const answer = await hub.app.inject({
      url: `/api/webhooks/calcom${path}`,
      headers: { accept: "text/html" },
    });
    expect(answer.statusCode, path).toBe(405);
    expect(answer.headers).toMatchObject({ allow: "POST", "cache-control": "no-store" });
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toMatchObject({
      code: "E_METHOD",
      detail: "This is where Cal.com posts its messages. There is nothing to see.",
    });
  }
  const head = await hub.app.inject({ method: "HEAD", url: "/api/webhooks/calcom" });
  expect(head.statusCode).toBe(405);
  const unknown = await hub.app.inject({ url: "/api/webhooks/nobody" });
  expect(unknown.json()).toMatchObject({ status: 404, code: "E_CONNECTION_UNKNOWN" });
});

describe("the inbox in the API", () => {
  test("lists page by page, the latest first, without gaps", async () => {
    const all = await hub.messages();
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page = await hub.get<{ data: { id: string }[]; next_cursor: string | null }>(
        `/api/v1/inbound-messages?limit=7${query}`,
      );
      seen.push(...page.body.data.map(({ id }) => id));
      cursor = page.body.next_cursor;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(all.map((m) => m.received_at)).toEqual(
      all
        .map((m) => m.received_at)
        .toSorted()
        .toReversed(),
    );
  });

  test("a cursor that is not one of ours is refused", async () => {
    expect(await hub.get("/api/v1/inbound-messages?cursor=x")).toMatchObject({ status: 400 });
  });

  test("nobody reads it without a key", async () => {
    for (const url of ["/api/v1/inbound-messages", "/api/v1/connections"]) {
      expect((await hub.app.inject({ method: "GET", url })).statusCode).toBe(401);
    }
  });

  test("a message that does not exist is 404", async () => {
    const id = "7e0e1d35-54a4-4a0a-8d7c-0f4d7f1f3a11";
    expect(await hub.get(`/api/v1/inbound-messages/${id}`)).toMatchObject({ status: 404 });
  });
});
