import type { AlertResource, ReconcileRunResource } from "@slotwire/contract";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { onRequest, puppyClass } from "../../test/fake-calcom-api/calcom-booking.ts";
import { type ReconcileFixture, reconcileFixture } from "../../test/reconcile-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { openAlert } from "../alerts/open-alert.ts";
import { tenant } from "../db/database.ts";
import { queueScheduledRuns } from "./queue-scheduled-runs.ts";
import { reconcileDue } from "./reconcile-worker.ts";
import { takeAsks } from "./take-asks.ts";

let fixture: ReconcileFixture;
beforeEach(async () => {
  fixture = await reconcileFixture();
});
afterEach(() => fixture.close());

const start = "2027-01-05T09:00:00.000Z";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Books, and lets the messages so far arrive. */
async function bookAndTell(): Promise<string> {
  const { uid } = fixture.calcom.book({ start });
  await fixture.deliver(fixture.calcom.messages);
  fixture.settle();
  return uid;
}

const openAlerts = async (): Promise<readonly AlertResource[]> =>
  (await fixture.inbox.get<{ data: AlertResource[] }>("/api/v1/alerts?open=true")).body.data;

describe("what was missed", () => {
  test("nothing is to be done when nothing was", async () => {
    await bookAndTell();
    const run = await fixture.run();
    expect(run).toMatchObject({ status: "done", checked: 1, same: 1, repaired: 0, error: null });
    expect(await fixture.findings(run.id)).toEqual([]);
    expect(await fixture.inbox.bookings()).toMatchObject([{ version: 1 }]);
  });

  test("a booking that was never told is added, once", async () => {
    const { uid } = fixture.calcom.book({ start, answers: { coat: "long" } });
    const run = await fixture.run();
    expect(run).toMatchObject({ checked: 1, same: 0, missing: 1, repaired: 1, still_different: 0 });
    const booking = await fixture.booking(uid);
    expect(booking).toMatchObject({ status: "confirmed", starts_at: start, version: 1 });
    expect(await fixture.findings(run.id)).toMatchObject([
      {
        uid,
        kind: "missing",
        outcome: "repaired",
        booking_id: booking?.id,
        booking_number: booking?.booking_number,
        label: "Grooming between Ewa Nowak and Jan Kowalski",
        fields: expect.arrayContaining([{ name: "starts_at", before: null, after: start }]),
      },
    ]);
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ same: 1, missing: 0 });
  });

  test("a booking that names a customer whom the organisation does not have is added with a warning", async () => {
    const metadata = { barkbookClientId: "7d1c2a8e-55b0-4b57-9a63-0f4f2f1f6a11" };
    const { uid } = fixture.calcom.book({ start, metadata });
    const run = await fixture.run();
    expect(run).toMatchObject({ missing: 1, repaired: 1, still_different: 0 });
    expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed", customer: null });
    const warning =
      "It names a customer that this organisation does not have. Nothing was linked to the booking.";
    expect(await fixture.findings(run.id)).toMatchObject([
      { uid, kind: "missing", outcome: "repaired", reason: warning },
    ]);
  });

  test("so is one that was moved before it was ever heard of", async () => {
    const metadata = { barkbookClientId: "7d1c2a8e-55b0-4b57-9a63-0f4f2f1f6a11" };
    const { uid } = fixture.calcom.book({ start, metadata });
    fixture.calcom.reschedule(uid, "2027-01-06T09:00:00.000Z");
    const run = await fixture.run();
    const [finding, ...rest] = await fixture.findings(run.id);
    expect(rest).toEqual([]);
    expect(finding?.reason?.match(/Nothing was linked to the booking/g)).toHaveLength(1);
  });

  test("its message, come late, changes nothing any more", async () => {
    const { uid } = fixture.calcom.book({ start });
    await fixture.run();
    await fixture.deliver(fixture.calcom.messages);
    expect(await fixture.inbox.bookings()).toHaveLength(1);
    expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed" });
  });

  test("a cancellation is made up for, with its reason and its time", async () => {
    const uid = await bookAndTell();
    fixture.calcom.cancel(uid, { reason: "ill", by: "jan@mail.example" });
    fixture.settle();
    const run = await fixture.run();
    expect(run).toMatchObject({ different: 1, repaired: 1 });
    const booking = await fixture.booking(uid);
    expect(booking).toMatchObject({
      status: "cancelled",
      status_reason: "ill",
      cancelled_by: "jan@mail.example",
    });
    expect((await fixture.findings(run.id))[0]?.fields).toContainEqual({
      name: "status",
      before: "confirmed",
      after: "cancelled",
    });
    const path = `/api/v1/bookings/${booking?.id}/timeline`;
    const { body } = await fixture.inbox.get<{ data: unknown[] }>(path);
    expect(JSON.stringify(body)).toContain("Cal.com (reconcile)");
    expect(JSON.stringify(body)).toContain(`"occurred_at":"2027-01-04T08:10:00.000Z"`);
  });

  test("an approval, a rejection, a new host and a new place", async () => {
    const [approved, rejected] = [6, 7].map((day) =>
      fixture.calcom.book({ start: `2027-01-0${day}T09:00:00.000Z`, eventType: onRequest }),
    );
    const uid = await bookAndTell();
    fixture.calcom.confirm(approved?.uid ?? "");
    fixture.calcom.decline(rejected?.uid ?? "", "closed");
    const host = { ...fixture.calcom.host, id: 8, name: "Ola Berg", email: "ola@barkbook.example" };
    fixture.calcom.reassign(uid, host);
    fixture.calcom.move(uid, "Hundgatan 1, Lund");
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ checked: 3, different: 3, repaired: 3 });
    expect(await fixture.booking(approved?.uid ?? "")).toMatchObject({ status: "confirmed" });
    expect(await fixture.booking(rejected?.uid ?? "")).toMatchObject({ status: "rejected" });
    expect(await fixture.booking(uid)).toMatchObject({
      provider: { name: "Ola Berg" },
      location: "Hundgatan 1, Lund",
    });
  });

  test("who did not come, and who came after all", async () => {
    const uid = await bookAndTell();
    fixture.clock.advance(26 * HOUR);
    fixture.calcom.markAbsent(uid, [{ email: "jan@mail.example", absent: true }]);
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ different: 1, repaired: 1 });
    expect(await fixture.booking(uid)).toMatchObject({ status: "no_show" });
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ same: 1 });
    fixture.calcom.markAbsent(uid, [{ email: "jan@mail.example", absent: false }]);
    fixture.settle();
    await fixture.run();
    expect(await fixture.booking(uid)).toMatchObject({ status: "completed" });
  });

  test("that a meeting is over", async () => {
    const uid = await bookAndTell();
    fixture.clock.advance(27 * HOUR);
    expect(await fixture.run()).toMatchObject({ different: 1, repaired: 1 });
    expect(await fixture.booking(uid)).toMatchObject({ status: "completed" });
    expect(await fixture.run()).toMatchObject({ same: 1 });
  });

  test("seats that were taken and given up", async () => {
    const row = fixture.calcom.book({ start, eventType: puppyClass });
    fixture.calcom.addSeat(row.uid, { name: "Ola", email: "ola@mail.example" });
    await fixture.deliver(fixture.calcom.messages);
    const [first] = row.attendees;
    fixture.calcom.addSeat(row.uid, { name: "Per", email: "per@mail.example" });
    fixture.calcom.cancelSeat(row.uid, first?.seatUid ?? "");
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ different: 1, repaired: 1 });
    const booking = await fixture.booking(row.uid);
    expect(booking?.status).toBe("confirmed");
    expect(booking?.attendees.map(({ name, status }) => [name, status])).toEqual([
      ["Jan Kowalski", "cancelled"],
      ["Ola", "accepted"],
      ["Per", "accepted"],
    ]);
    expect(await fixture.run()).toMatchObject({ same: 1 });
  });

  test("what people did here stays where the source has no word for it", async () => {
    const uid = await bookAndTell();
    const booking = await fixture.booking(uid);
    await fixture.inbox.app.inject({
      method: "POST",
      url: `/api/v1/bookings/${booking?.id}/status`,
      headers: withKey,
      payload: { status: "checked_in" },
    });
    expect(await fixture.run()).toMatchObject({ same: 1, different: 0 });
    expect(await fixture.booking(uid)).toMatchObject({ status: "checked_in" });
  });
});

describe("a booking that was moved", () => {
  test("keeps its id over any number of uids, whichever of them were told", async () => {
    const first = await bookAndTell();
    const before = await fixture.booking(first);
    const second = fixture.calcom.reschedule(first, "2027-01-06T09:00:00.000Z");
    fixture.clock.advance(HOUR);
    const third = fixture.calcom.reschedule(second.uid, "2027-01-07T09:00:00.000Z");
    fixture.settle();
    const run = await fixture.run();
    expect(run).toMatchObject({ checked: 1, different: 1, repaired: 1 });
    const after = await fixture.booking(third.uid);
    expect(after).toMatchObject({
      id: before?.id,
      status: "confirmed",
      starts_at: "2027-01-07T09:00:00.000Z",
    });
    const uids = after?.external_refs.filter(({ kind }) => kind === "uid");
    expect(
      uids?.map(({ external_id: uid, superseded_at: at }) => [uid, at !== null]).toSorted(),
    ).toEqual(
      [
        [first, true],
        [second.uid, true],
        [third.uid, false],
      ].toSorted(),
    );
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ checked: 1, same: 1 });
    expect(await fixture.inbox.bookings()).toHaveLength(1);
  });

  test("and was never heard of, is one booking with its history", async () => {
    const first = fixture.calcom.book({ start });
    fixture.clock.advance(HOUR);
    const second = fixture.calcom.reschedule(first.uid, "2027-01-06T09:00:00.000Z");
    const run = await fixture.run();
    expect(run).toMatchObject({ checked: 1, missing: 1, repaired: 1 });
    expect(await fixture.inbox.bookings()).toHaveLength(1);
    expect(await fixture.booking(first.uid)).toMatchObject({
      status: "confirmed",
      starts_at: "2027-01-06T09:00:00.000Z",
    });
    expect((await fixture.booking(second.uid))?.id).toBe((await fixture.booking(first.uid))?.id);
  });

  test("within its series learns of the first ids that nobody told of, and is not doubled", async () => {
    const [occurrence] = fixture.calcom.bookSeries({ start }, 3);
    const uids = [occurrence?.uid ?? ""];
    for (const hour of ["10", "11", "12"]) {
      fixture.clock.advance(MINUTE);
      uids.push(fixture.calcom.reschedule(uids.at(-1) ?? "", `2027-01-05T${hour}:00:00.000Z`).uid);
    }
    // The reschedule from the second id to the third was told, and the one after it.
    await fixture.deliver(fixture.calcom.messages.slice(-2));
    fixture.settle();
    expect(await fixture.run({ dry_run: true })).toMatchObject({ missing: 2, different: 1 });
    const run = await fixture.run();
    expect(run).toMatchObject({ checked: 3, missing: 2, different: 1, repaired: 3 });
    const booking = await fixture.booking(uids.at(-1) ?? "");
    expect(booking).toMatchObject({ status: "confirmed", starts_at: "2027-01-05T12:00:00.000Z" });
    const known = booking?.external_refs.filter(({ kind }) => kind === "uid");
    expect(known?.map((ref) => ref.external_id).toSorted()).toEqual(uids.toSorted());
    expect(await fixture.inbox.bookings()).toHaveLength(3);
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ checked: 3, same: 3 });
  });

  test("of which only the last id was told, after its end, keeps what became of it", async () => {
    const attendee = { name: "Jan", email: "jan@mail.example" };
    const first = fixture.calcom.book({ start, attendee, eventType: onRequest }).uid;
    fixture.clock.advance(MINUTE);
    const last = fixture.calcom.reschedule(first, "2027-01-05T10:00:00.000Z").uid;
    fixture.clock.advance(MINUTE);
    fixture.calcom.confirm(last);
    await fixture.deliver(fixture.calcom.messages.slice(-1));
    fixture.clock.advance(48 * HOUR);
    fixture.calcom.markAbsent(last, [{ email: attendee.email, absent: true }]);
    await fixture.deliver(fixture.calcom.messages.slice(-1));
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ checked: 1, different: 1, repaired: 1 });
    const booking = await fixture.booking(last);
    expect(booking).toMatchObject({ status: "no_show", starts_at: "2027-01-05T10:00:00.000Z" });
    const known = booking?.external_refs.filter(({ kind }) => kind === "uid");
    expect(known?.map((ref) => ref.external_id).toSorted()).toEqual([first, last].toSorted());
    expect(await fixture.inbox.bookings()).toHaveLength(1);
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ checked: 1, same: 1 });
  });

  test("to a time outside of the window is followed there", async () => {
    const first = await bookAndTell();
    const second = fixture.calcom.reschedule(first, "2027-06-01T09:00:00.000Z");
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ checked: 1, different: 1, repaired: 1 });
    expect(await fixture.booking(first)).toMatchObject({ starts_at: second.start });
  });
});

describe("phantoms", () => {
  test("cancelled here and alive there comes back: the source's word is final", async () => {
    const uid = await bookAndTell();
    // Cal.com sends before it writes; this write failed.
    const row = fixture.calcom.find(uid);
    fixture.calcom.cancel(uid, { reason: "ill" });
    Object.assign(row, { status: "ACCEPTED", cancellationReason: null, updatedAt: null });
    await fixture.deliver(fixture.calcom.messages.slice(-1));
    expect(await fixture.booking(uid)).toMatchObject({ status: "cancelled" });

    const soon = await fixture.run();
    expect(soon).toMatchObject({ phantoms: 1, gone: 0, repaired: 0, still_different: 1 });
    expect((await fixture.findings(soon.id))[0]).toMatchObject({
      kind: "phantom",
      outcome: "open",
      reason: "A message changed it a moment before; the next run looks again.",
    });
    fixture.settle();
    expect(await fixture.run()).toMatchObject({ phantoms: 1, repaired: 1, still_different: 0 });
    expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed" });
  });

  test("alive here and unknown there stays, and is cancelled when it is gone an hour later too", async () => {
    const uid = await bookAndTell();
    fixture.calcom.purge(uid);
    const first = await fixture.run();
    expect(first).toMatchObject({ checked: 1, same: 0, phantoms: 0, gone: 1, still_different: 1 });
    expect((await fixture.findings(first.id))[0]).toMatchObject({ kind: "gone", outcome: "open" });
    fixture.clock.advance(HOUR / 2);
    expect(await fixture.run()).toMatchObject({ gone: 1, still_different: 1 });
    expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed" });
    fixture.clock.advance(HOUR);
    const last = await fixture.run();
    expect(last).toMatchObject({ phantoms: 0, gone: 1, repaired: 1, still_different: 0 });
    expect(await fixture.booking(uid)).toMatchObject({
      status: "cancelled",
      status_reason: "gone_at_source",
    });
    expect(await fixture.run()).toMatchObject({ phantoms: 0, gone: 0 });
  });

  test("many that are gone at once are another account's: none of them is touched", async () => {
    const rows = [5, 6, 7, 8].map((day) =>
      fixture.calcom.book({ start: `2027-01-0${day}T09:00:00.000Z` }),
    );
    await fixture.deliver(fixture.calcom.messages);
    for (const { uid } of rows) fixture.calcom.purge(uid);
    await fixture.run();
    fixture.clock.advance(2 * HOUR);
    const run = await fixture.run();
    expect(run).toMatchObject({ gone: 4, repaired: 0, still_different: 4 });
    const dryRun = await fixture.run({ dry_run: true });
    const findings = [...(await fixture.findings(run.id)), ...(await fixture.findings(dryRun.id))];
    expect(findings).toHaveLength(8);
    for (const { reason } of findings) {
      expect(reason).toMatch(/^The source does not know 4 bookings at once\..*key and the address/);
    }
    for (const { status } of await fixture.inbox.bookings()) expect(status).toBe("confirmed");
  });
});

test("a dry run says what it would do, and changes nothing", async () => {
  const uid = await bookAndTell();
  fixture.calcom.cancel(uid, { reason: "ill" });
  const { uid: missing } = fixture.calcom.book({ start: "2027-01-08T09:00:00.000Z" });
  fixture.settle();
  const run = await fixture.run({ dry_run: true });
  expect(run).toMatchObject({ dry_run: true, missing: 1, different: 1, repaired: 0 });
  expect((await fixture.findings(run.id)).map(({ outcome }) => outcome)).toEqual([
    "found",
    "found",
  ]);
  expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed" });
  expect(await fixture.booking(missing)).toBeUndefined();
});

test("one booking that cannot be read is told of, and the others are compared", async () => {
  const uid = await bookAndTell();
  const odd = fixture.calcom.book({ start: "2027-01-06T09:00:00.000Z" });
  Object.assign(odd, { status: "HELD_IN_LIMBO" });
  const run = await fixture.run();
  expect(run).toMatchObject({ status: "done", checked: 1, same: 1, still_different: 1 });
  expect(await fixture.findings(run.id)).toMatchObject([{ uid: odd.uid, kind: "unreadable" }]);
  expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed" });
});

describe("when the source makes trouble", () => {
  test("a wrong key ends the run, and says what to do", async () => {
    await bookAndTell();
    fixture.api.trouble = () => ({
      status: 401,
      body: '{"status":"error","error":{"code":"UnauthorizedException","message":"Invalid API Key"}}',
    });
    const run = await fixture.run();
    expect(run).toMatchObject({
      status: "failed",
      error_code: "E_SOURCE_KEY",
      error: "The API key of Cal.com is wrong, or may not do this: Invalid API Key",
    });
    expect(fixture.inbox.logged()).not.toContain("cal_live_key-of-the-fake");
  });

  test("a wrong key is an alert until a comparison is let in again", async () => {
    await bookAndTell();
    const refusal = (status: number) => () => ({
      status,
      body: '{"status":"error","error":{"code":"UnauthorizedException","message":"Invalid API Key"}}',
    });
    fixture.api.trouble = refusal(401);
    await fixture.run();
    expect(await openAlerts()).toMatchObject([
      {
        kind: "credential_failing",
        connection_id: fixture.connectionId,
        title: "Cal.com: its API refuses the hub's key",
        details: ["Invalid API Key"],
        count: 1,
      },
    ]);
    fixture.clock.advance(HOUR);
    fixture.api.trouble = refusal(403);
    await fixture.run();
    expect(await openAlerts()).toMatchObject([{ count: 2 }]);
    fixture.clock.advance(HOUR);
    fixture.api.trouble = null;
    await fixture.run();
    expect(await openAlerts()).toEqual([]);
  });

  test("what Cal.com says of other credentials is not over when the key is let in", async () => {
    await fixture.inbox.hub.db.transaction(tenant(fixture.inbox.hub.defaultOrgId), (tx) =>
      openAlert(tx, {
        orgId: fixture.inbox.hub.defaultOrgId,
        kind: "credential_failing",
        connectionId: fixture.connectionId,
        params: { details: ["google_calendar"] },
        seenAt: fixture.clock.now(),
      }),
    );
    await fixture.run();
    expect(await openAlerts()).toMatchObject([{ details: ["google_calendar"] }]);
  });

  test("it waits as long as it is told to, and goes on where it was", async () => {
    const from = Date.parse("2027-01-05T00:00:00Z");
    for (let at = 0; at < 150; at += 1) {
      fixture.calcom.book({ start: new Date(from + at * HOUR).toISOString() });
    }
    fixture.api.trouble = ({ path }) =>
      path.includes("skip=100") ? { status: 429, headers: { "retry-after": "40" } } : null;
    const waiting = await fixture.run();
    expect(waiting).toMatchObject({
      status: "running",
      checked: 100,
      repaired: 100,
      error_code: "E_SOURCE_LIMIT",
      next_attempt_at: new Date(fixture.clock.now().getTime() + 40_000).toISOString(),
    });
    fixture.api.trouble = null;
    fixture.clock.advance(39_000);
    expect(await reconcileDue(fixture.inbox.hub)).toBe(0);
    fixture.clock.advance(1_000);
    const before = fixture.api.requests.length;
    await fixture.work();
    expect(fixture.api.requests.slice(before)).toHaveLength(1);
    const { body } = await fixture.inbox.get(`/api/v1/reconcile-runs/${waiting.id}`);
    expect(body).toMatchObject({ status: "done", checked: 150, missing: 150, error: null });
  }, 60_000);

  test("a list that breaks off repairs what it told, and takes nothing for absent", async () => {
    const uid = await bookAndTell();
    fixture.calcom.purge(uid);
    const from = Date.parse("2027-01-06T00:00:00Z");
    for (let at = 0; at < 101; at += 1) {
      fixture.calcom.book({ start: new Date(from + at * HOUR).toISOString() });
    }
    fixture.api.trouble = ({ path }) => (path.includes("skip=100") ? { status: 503 } : null);
    const run = await fixture.run();
    for (let at = 0; at < 6; at += 1) {
      fixture.clock.advance(HOUR);
      await fixture.work();
    }
    const { body } = await fixture.inbox.get<ReconcileRunResource>(
      `/api/v1/reconcile-runs/${run.id}`,
    );
    expect(body).toMatchObject({
      status: "failed",
      error_code: "E_SOURCE_UNAVAILABLE",
      repaired: 100,
      phantoms: 0,
    });
    expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed" });
  }, 60_000);

  test("a process that dies in the middle is followed by one that goes on", async () => {
    const { uid } = fixture.calcom.book({ start });
    await fixture.inbox.app.inject({
      method: "POST",
      url: `/api/v1/connections/${fixture.connectionId}/reconcile`,
      headers: withKey,
    });
    const orgId = fixture.inbox.hub.defaultOrgId;
    await fixture.inbox.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query(
        `UPDATE reconcile_run SET status = 'running', started_at = $1, attempts = 1,
                lease_token = gen_random_uuid(), lease_until = $2`,
        [fixture.clock.now(), new Date(fixture.clock.now().getTime() + 60_000)],
      ),
    );
    expect(await reconcileDue(fixture.inbox.hub)).toBe(0);
    fixture.clock.advance(61_000);
    await fixture.work();
    expect(await fixture.booking(uid)).toMatchObject({ status: "confirmed" });
  });
});

describe("starting and stopping", () => {
  const post = (path: string, payload = {}) =>
    fixture.inbox.app.inject({ method: "POST", url: path, headers: withKey, payload });

  test("a connection without a key says how to get one", async () => {
    const made = await post("/api/v1/connections", { kind: "calcom", name: "Without a key" });
    const { id } = made.json<{ id: string }>();
    const answer = await post(`/api/v1/connections/${id}/reconcile`);
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([
      409,
      "E_API_KEY_MISSING",
    ]);
  });

  test("its key does not follow a changed address", async () => {
    const change = (payload: object) =>
      fixture.inbox.app.inject({
        method: "PATCH",
        url: `/api/v1/connections/${fixture.connectionId}`,
        headers: withKey,
        payload,
      });
    const elsewhere = { api_url: "https://elsewhere.example/v2" };
    expect((await change(elsewhere)).statusCode).toBe(422);
    expect((await change({ api_url: `${fixture.api.url}/v2` })).statusCode).toBe(200);
    expect((await change({ ...elsewhere, api_key: "another-key" })).statusCode).toBe(200);
  });

  test("one at a time is begun by people; another window has to make sense", async () => {
    const path = `/api/v1/connections/${fixture.connectionId}/reconcile`;
    expect((await post(path)).statusCode).toBe(202);
    expect((await post(path)).statusCode).toBe(409);
    for (const window of [
      { from: "2027-02-01T00:00:00Z", to: "2027-01-01T00:00:00Z" },
      { from: "2027-01-01T00:00:00Z", to: "2029-01-01T00:00:00Z" },
      { to: "2026-12-01T00:00:00Z" },
    ]) {
      expect((await post(path, window)).statusCode).toBe(422);
    }
    const { body } = await fixture.inbox.get("/api/v1/audit?entity=connection");
    expect(JSON.stringify(body)).toContain("connection.reconciled");
  });

  test("it can be stopped before it begins, and between two steps", async () => {
    const path = `/api/v1/connections/${fixture.connectionId}/reconcile`;
    const first = (await post(path)).json<ReconcileRunResource>();
    const cancelled = await post(`/api/v1/reconcile-runs/${first.id}/cancel`);
    expect(cancelled.json()).toMatchObject({ status: "cancelled" });
    const from = Date.parse("2027-01-05T00:00:00Z");
    for (let at = 0; at < 101; at += 1) {
      fixture.calcom.book({ start: new Date(from + at * HOUR).toISOString() });
    }
    const second = (await post(path)).json<ReconcileRunResource>();
    fixture.api.before = () => post(`/api/v1/reconcile-runs/${second.id}/cancel`);
    await fixture.work();
    const { body } = await fixture.inbox.get(`/api/v1/reconcile-runs/${second.id}`);
    expect(body).toMatchObject({ status: "cancelled", checked: 100 });
  }, 60_000);

  test("the clock queues one for every connection that has a key", async () => {
    await post("/api/v1/connections", { kind: "calcom", name: "Without a key" });
    await queueScheduledRuns(fixture.inbox.hub);
    await queueScheduledRuns(fixture.inbox.hub);
    await bookAndTell();
    await fixture.work();
    const { body } = await fixture.inbox.get<{ data: ReconcileRunResource[] }>(
      `/api/v1/reconcile-runs?connection_id=${fixture.connectionId}`,
    );
    expect(body.data).toMatchObject([{ trigger: "schedule", status: "done", checked: 1 }]);
  });
});

describe("what messages ask for", () => {
  test("one cancellation of many occurrences leads to all of them", async () => {
    const rows = fixture.calcom.bookSeries({ start }, 4);
    await fixture.deliver(fixture.calcom.messages);
    const before = fixture.calcom.messages.length;
    fixture.calcom.cancelSubsequent(rows[1]?.uid ?? "", "moved away");
    await fixture.deliver(fixture.calcom.messages.slice(before));
    await ask({ uid: rows[1]?.uid ?? "" });
    await takeAsks(fixture.inbox.hub);
    await fixture.work();
    fixture.clock.advance(91_000);
    await fixture.work();
    const statuses = await Promise.all(rows.map(({ uid }) => fixture.booking(uid)));
    expect(statuses.map((booking) => booking?.status)).toEqual([
      "confirmed",
      "cancelled",
      "cancelled",
      "cancelled",
    ]);
  });

  /** As a connector asks beside a message. */
  async function ask(scope: { uid: string }): Promise<void> {
    const { hub } = fixture.inbox;
    const [message] = await fixture.inbox.messages();
    await hub.db.transaction(tenant(hub.defaultOrgId), (tx) =>
      tx.query(
        `INSERT INTO message_ask (org_id, message_id, no, connection_id, ask, created_at)
         VALUES ($1, $2, 99, $3, $4::jsonb, $5)`,
        [
          hub.defaultOrgId,
          message?.id,
          fixture.connectionId,
          JSON.stringify({ kind: "reconcile", scope, reason: "one word for many" }),
          hub.clock.now(),
        ],
      ),
    );
  }
});
