import type { IncomingBooking } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tenant } from "../db/database.ts";
import { type BookmeFixture, bookmeFixture } from "../../test/bookme-fixture.ts";

let site: BookmeFixture;
beforeAll(async () => {
  site = await bookmeFixture();
});
afterAll(() => site.close());

let no = 0;
/** A booking of somebody new. */
function booking(change: object = {}): Record<string, unknown> {
  no += 1;
  return {
    bookingId: `b-${no}`,
    eventType: "workshop",
    name: `Erik ${numberWord(no)}`,
    email: `erik${no}@example.com`,
    scheduledDate: "2031-05-15T10:00:00Z",
    duration: 120,
    source: "bookme",
    createdAt: "2026-01-02T08:00:00Z",
    ...change,
  };
}

/** Names of letters alone: phones and names must not make relatives of them. */
const numberWord = (value: number): string =>
  String(value).replaceAll(/\d/g, (digit) => "abcdefghij".charAt(Number(digit)));

let minute = 0;
/** Tells of what became of a booking, later than everything before. */
function later(body: object, event: string, change: object = {}): Promise<IncomingBooking> {
  minute += 1;
  const occurredAt = new Date(Date.UTC(2026, 0, 3, 8, minute)).toISOString();
  return site.book({ ...body, event: `booking.${event}`, occurredAt, ...change });
}

interface LeadRow {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly stage: string;
  readonly source: string;
  readonly source_details: unknown;
  readonly estimated_value_minor: string | number;
  readonly currency: string;
  readonly score: number;
  readonly tags: string[];
  readonly unmapped_service: boolean;
  readonly previous_lead_id: string | null;
  readonly company_id: string | null;
}

async function leadOf(answer: IncomingBooking): Promise<LeadRow> {
  const [row] = await site.query<LeadRow>("SELECT * FROM lead WHERE id = $1", [answer.lead?.id]);
  if (row === undefined) throw new Error("no lead");
  return row;
}

async function activityOf({ activity }: IncomingBooking): Promise<Record<string, unknown>> {
  const [row] = await site.query<Record<string, unknown>>("SELECT * FROM activity WHERE id = $1", [
    activity?.id,
  ]);
  if (row === undefined) throw new Error("no activity");
  return row;
}

/** What is to be done, and when, in short. */
async function dueOf(answer: IncomingBooking): Promise<string[]> {
  const tasks = await site.tasksOf(answer);
  return tasks.map(
    ({ template_key, due_at, status }) => `${template_key} ${due_at.toISOString()} ${status}`,
  );
}

describe("a lead", () => {
  test("is worth what its service is, and knows where it comes from", async () => {
    const body = booking({ company: "Acme Consulting AB" });
    const lead = await leadOf(await site.book(body));
    expect(lead).toMatchObject({
      title: "workshop - Acme Consulting AB",
      description: "Booked via BookMe: workshop",
      stage: "CONTACTED",
      source: "BookMe",
      source_details: { bookingId: body["bookingId"], eventType: "workshop" },
      currency: "SEK",
      score: 60,
      tags: ["bookme", "workshop"],
      unmapped_service: false,
    });
    expect(Number(lead.estimated_value_minor)).toBe(1_500_000);
    const [stage] = await site.query("SELECT * FROM lead_stage_event WHERE lead_id = $1", [
      lead.id,
    ]);
    expect(stage).toMatchObject({ from_stage: null, to_stage: "CONTACTED", reason: "rule" });
  });

  test("of a private person has the whole name", async () => {
    const answer = await site.book(booking({ name: "Test Maria Person" }));
    expect(answer.lead?.title).toBe("workshop - Test Maria Person");
  });

  test("of a service that nobody described is flagged, and followed up", async () => {
    const answer = await site.book(booking({ eventType: "team day" }));
    const lead = await leadOf(answer);
    expect(lead).toMatchObject({ unmapped_service: true });
    expect(Number(lead.estimated_value_minor)).toBe(500_000);
    expect(answer.tasks.map(({ title }) => title)).toEqual(["Follow up"]);
  });

  test.each([
    ["Nordic Data AB", "nordic data ab ", "Nordic  Data", "NORDIC DATA AB.", "AB Nordic Data"],
    ["Bølge ApS", "bølge aps", "BØLGE ApS", "Bølge", "Bølge A.p.S."],
    ["Havn A/S", "havn as", "Havn", "HAVN A/S", "Havn A S"],
    ["Łódź Kod sp. z o.o.", "łódź kod", "ŁÓDŹ KOD SP. Z O.O.", "Łódź Kod Sp z oo", "Łódź-Kod"],
    ["Smith Ltd", "Smith Limited", "smith ltd.", "Smith, Ltd", "Smith"],
    ["Bau GmbH", "Bau", "bau gmbh", "Bau G.m.b.H.", "Bau GmbH & Co. KG"],
  ])("is one for %s, however its people write it", async (...names) => {
    const leads = [];
    for (const company of names) leads.push((await site.book(booking({ company }))).lead?.id);
    expect(new Set(leads).size).toBe(1);
  });

  test.each([
    ["Alfa AB", "Alfa Beta AB"],
    ["AB", "AS"],
    ["3M", "3N"],
  ])("is another one for %s than for %s", async (one, other) => {
    const first = await site.book(booking({ company: one }));
    const second = await site.book(booking({ company: other }));
    expect(first.lead?.id).not.toBe(second.lead?.id);
  });

  test("is shared by bookings of one person and service alone", async () => {
    const body = booking();
    const again = { ...booking(), name: body["name"], email: "ERIK@Example.com " };
    const first = await site.book({ ...body, email: "erik@example.com" });
    const second = await site.book({ ...again, email: "ERIK@Example.com" });
    expect(second.lead).toEqual(first.lead);
    expect(second.contact).toEqual(first.contact);
    expect(second.activity).not.toEqual(first.activity);
    const consultation = { ...again, bookingId: "another", eventType: "30min-consultation" };
    const third = await site.book({ ...consultation, email: "erik@example.com" });
    expect(third.lead?.id).not.toBe(first.lead?.id);
  });

  test("that is closed stays closed: the next booking makes one that names it", async () => {
    const body = booking();
    const { lead } = await site.book(body);
    await site.query("UPDATE lead SET stage = 'WON' WHERE id = $1", [lead?.id]);
    const next = await leadOf(await site.book({ ...body, bookingId: "b-next" }));
    expect(next).toMatchObject({ previous_lead_id: lead?.id, stage: "CONTACTED" });
    const [closed] = await site.query("SELECT stage FROM lead WHERE id = $1", [lead?.id]);
    expect(closed).toEqual({ stage: "WON" });
  });

  test("can be one per contact", async () => {
    await setting("lead_per", "contact");
    const first = await site.book(booking({ company: "Gamma AB" }));
    const second = await site.book(booking({ company: "Gamma AB" }));
    await setting("lead_per", "company");
    expect(first.lead?.id).not.toBe(second.lead?.id);
    expect((await leadOf(first)).company_id).toBe((await leadOf(second)).company_id);
  });

  test("goes back to NEW when its only booking is cancelled, and forth when there is one", async () => {
    const body = booking();
    const answer = await site.book(body);
    await later(body, "cancelled");
    expect((await leadOf(answer)).stage).toBe("NEW");
    const second = await site.book({ ...body, bookingId: "b-second" });
    expect(second.lead).toEqual(answer.lead);
    expect((await leadOf(answer)).stage).toBe("CONTACTED");
    await later({ ...body, bookingId: "b-third" }, "created");
    await later({ ...body, bookingId: "b-second" }, "cancelled");
    expect((await leadOf(answer)).stage).toBe("CONTACTED");
  });

  test("that a person has qualified stays where it is", async () => {
    const body = booking();
    const answer = await site.book(body);
    await site.query("UPDATE lead SET stage = 'QUALIFIED' WHERE id = $1", [answer.lead?.id]);
    await later(body, "cancelled");
    expect((await leadOf(answer)).stage).toBe("QUALIFIED");
  });
});

async function setting(name: string, value: unknown): Promise<void> {
  await site.query(
    "UPDATE connection SET settings = settings || jsonb_build_object($1::text, $2::jsonb)",
    [name, JSON.stringify(value)],
  );
}

test("a contact keeps the company that it has; a booking for another makes no change of it", async () => {
  const body = booking({ company: "First AB" });
  const { contact } = await site.book(body);
  const other = await site.book({ ...body, bookingId: "b-other-company", company: "Second AB" });
  const rows = await site.query(
    `SELECT c.name FROM customer_company cc JOIN company c ON c.id = cc.company_id
      WHERE cc.customer_id = $1`,
    [contact?.id],
  );
  expect(rows).toEqual([{ name: "First AB" }]);
  expect(other.lead?.title).toBe("workshop - Second AB");
});

describe("an activity", () => {
  test("tells of the meeting in the organisation's time", async () => {
    const body = booking({ meetingUrl: "https://meet.example/x", notes: "We are two.\nThanks" });
    expect(await activityOf(await site.book(body))).toMatchObject({
      type: "MEETING",
      subject: "workshop - Scheduled",
      description: [
        "Booking Details:",
        "- Type: workshop",
        "- Date: 2031-05-15 12:00:00",
        "- Duration: 120 minutes",
        "- Meeting URL: https://meet.example/x",
        "",
        "Customer notes: We are two.",
        "Thanks",
      ].join("\n"),
      activity_at: new Date("2031-05-15T10:00:00Z"),
      duration_minutes: 120,
      status: "scheduled",
      metadata: {
        bookingId: body["bookingId"],
        meetingUrl: "https://meet.example/x",
        source: "bookme",
      },
    });
  });

  test("says so when there is no link, and has no empty notes", async () => {
    const { description } = await activityOf(await site.book(booking()));
    expect(description).toMatch(/- Meeting URL: N\/A$/);
  });

  test.each([
    ["completed", "held", "workshop - Held"],
    ["no_show", "no_show", "workshop - No-show"],
    ["cancelled", "cancelled", "workshop - Cancelled"],
  ])("follows its booking: %s", async (event, status, subject) => {
    const body = booking();
    const made = await site.book(body);
    const answer = await later(body, event);
    expect(answer.activity).toEqual(made.activity);
    expect(await activityOf(answer)).toMatchObject({ status, subject });
  });
});

describe("tasks", () => {
  test.each([
    [
      "a workshop",
      { scheduledDate: "2031-05-15T10:00:00Z" },
      ["prep_info 2031-05-08T10:00:00.000Z todo", "follow_up 2031-05-16T10:00:00.000Z todo"],
    ],
    [
      "a workshop in the week after the clocks are put forward",
      { scheduledDate: "2031-04-03T10:00:00+02:00" },
      ["prep_info 2031-03-27T09:00:00.000Z todo", "follow_up 2031-04-04T08:00:00.000Z todo"],
    ],
    [
      "a workshop on the day before the clocks are put back",
      { scheduledDate: "2031-10-25T10:00:00+02:00" },
      ["prep_info 2031-10-18T08:00:00.000Z todo", "follow_up 2031-10-26T09:00:00.000Z todo"],
    ],
    [
      "a consultation",
      { eventType: "30min-consultation", duration: 30, scheduledDate: "2031-05-15T10:00:00Z" },
      ["summary 2031-05-15T12:30:00.000Z todo"],
    ],
    [
      "a consultation in the night in which the clocks are put forward",
      { eventType: "30min-consultation", duration: 30, scheduledDate: "2031-03-30T00:00:00Z" },
      ["summary 2031-03-30T02:30:00.000Z todo"],
    ],
  ])("of %s are due by the organisation's calendar", async (_what, change, due) => {
    expect(await dueOf(await site.book(booking(change)))).toEqual(due);
  });

  test("whose time is past are due at once, late and urgent; follow-ups keep theirs", async () => {
    const before = Date.now() - 60_000;
    const soon = new Date(Date.now() + 3 * 24 * 3_600_000).toISOString();
    const [prep, followUp] = await site.tasksOf(await site.book(booking({ scheduledDate: soon })));
    expect(prep).toMatchObject({ late: true, priority: "high", status: "todo" });
    expect(prep?.due_at.getTime()).toBeGreaterThan(before);
    expect(prep?.due_at.getTime()).toBeLessThan(Date.now() + 60_000);
    expect(followUp).toMatchObject({ late: false, priority: "medium" });
  });

  test("move with their booking, except those that somebody edited or finished", async () => {
    const body = booking();
    const answer = await site.book(body);
    await later(body, "rescheduled", { scheduledDate: "2031-06-15T10:00:00Z" });
    const moved = [
      "prep_info 2031-06-08T10:00:00.000Z todo",
      "follow_up 2031-06-16T10:00:00.000Z todo",
    ];
    expect(await dueOf(answer)).toEqual(moved);
    const ids = answer.tasks.map(({ id }) => id);
    await site.query("UPDATE task SET hand_edited = true WHERE id = $1", [ids[0]]);
    await site.query("UPDATE task SET status = 'done' WHERE id = $1", [ids[1]]);
    const again = await later(body, "rescheduled", { scheduledDate: "2031-07-15T10:00:00Z" });
    expect(again.tasks.map(({ id }) => id)).toEqual(ids);
    expect(await dueOf(answer)).toEqual([moved[0], moved[1]?.replace("todo", "done")]);
  });

  test("that were late are not, when the booking moves far away", async () => {
    const soon = new Date(Date.now() + 24 * 3_600_000).toISOString();
    const body = booking({ scheduledDate: soon });
    const answer = await site.book(body);
    await later(body, "rescheduled", { scheduledDate: "2031-06-15T10:00:00Z" });
    expect((await site.tasksOf(answer))[0]).toMatchObject({
      late: false,
      due_at: new Date("2031-06-08T10:00:00Z"),
    });
  });

  test("are cancelled with their booking, and come back with it", async () => {
    const body = booking();
    const answer = await site.book(body);
    const due = await dueOf(answer);
    await later(body, "cancelled");
    expect(await dueOf(answer)).toEqual(due.map((line) => line.replace("todo", "cancelled")));
    const back = await later(body, "rescheduled");
    expect(back.tasks).toEqual(answer.tasks);
    expect(await dueOf(answer)).toEqual(due);
  });

  test("of a visit that nobody came to are to book it again, once", async () => {
    const body = booking();
    const answer = await site.book(body);
    await later(body, "no_show");
    await later(body, "no_show", { notes: "told again" });
    const tasks = await site.tasksOf(answer);
    expect(tasks.map(({ title, status, priority }) => [title, status, priority])).toEqual([
      ["Send workshop prep info", "cancelled", "high"],
      ["Workshop follow-up", "cancelled", "medium"],
      ["Re-book after no-show", "todo", "high"],
    ]);
  });

  test("to follow up are left when the visit is over", async () => {
    const body = booking();
    const answer = await site.book(body);
    const due = await dueOf(answer);
    await later(body, "completed");
    expect(await dueOf(answer)).toEqual(due);
  });

  test("of a visit that is first heard of when it is over are to follow it up", async () => {
    const answer = await later(booking(), "completed");
    expect(answer.tasks.map(({ title }) => title)).toEqual(["Workshop follow-up"]);
  });

  test("that are overdue are not moved by what leaves the visit alone", async () => {
    const body = booking({ scheduledDate: "2026-01-15T10:00:00Z" });
    const answer = await site.book(body);
    const due = await dueOf(answer);
    await later(body, "updated", { notes: "A word more" });
    expect(await dueOf(answer)).toEqual(due);
  });
});

describe("bookings that others write", () => {
  test("by SQL have the same effects", async () => {
    const body = booking();
    const answer = await site.book(body);
    await site.query(
      `UPDATE booking SET status = 'cancelled'
        WHERE id = (SELECT booking_id FROM activity WHERE id = $1)`,
      [answer.activity?.id],
    );
    expect(await activityOf(answer)).toMatchObject({ status: "cancelled" });
    expect((await leadOf(answer)).stage).toBe("NEW");
  });

  test("of a connection that keeps out of the CRM make nothing there", async () => {
    await setting("crm", false);
    const answer = await site.book(booking());
    await setting("crm", true);
    expect(answer).toEqual({ success: true, lead: null, contact: null, activity: null, tasks: [] });
  });
});

describe("the time that a rule gives", () => {
  test.each([
    ["on a working day stays", "2031-05-15T10:00:00Z", "2031-05-15T10:00:00.000Z"],
    ["in the evening waits for the morning", "2031-05-15T19:00:00Z", "2031-05-16T06:00:00.000Z"],
    ["at night waits for the morning", "2031-05-15T02:00:00Z", "2031-05-15T06:00:00.000Z"],
    ["on Friday evening waits for Monday", "2031-05-16T19:00:00Z", "2031-05-19T06:00:00.000Z"],
    ["on Saturday waits for Monday", "2031-05-17T10:00:00Z", "2031-05-19T06:00:00.000Z"],
    [
      "on the eve of the clocks' change waits for it",
      "2031-03-28T19:00:00Z",
      "2031-03-31T06:00:00.000Z",
    ],
  ])("%s, where it waits for business hours", async (_what, anchor, due) => {
    const [row] = await site.query<{ due: Date }>(
      "SELECT follow_up_due($1, interval '0', 'Europe/Stockholm', 'next_morning') AS due",
      [anchor],
    );
    expect(row?.due.toISOString()).toBe(due);
  });
});

test("staff see what is to be done about their own bookings, and nothing of the sales", async () => {
  const answer = await site.book(booking({ company: "Delta AB" }));
  await site.query(
    `UPDATE booking SET provider_email = 'anna@salon.example'
      WHERE id = (SELECT booking_id FROM activity WHERE id = $1)`,
    [answer.activity?.id],
  );
  const seenBy = (providerEmail: string): Promise<object[]> =>
    site.hub.db.transaction(tenant(site.hub.defaultOrgId, { providerEmail }), (tx) =>
      tx.query(
        `SELECT (SELECT count(*)::int FROM activity) AS activities,
                (SELECT count(*)::int FROM task) AS tasks,
                (SELECT count(*)::int FROM lead) AS leads,
                (SELECT count(*)::int FROM lead_stage_event) AS stages,
                (SELECT count(*)::int FROM company) AS companies,
                (SELECT count(*)::int FROM customer_company) AS employees`,
      ),
    );
  const nothing = { leads: 0, stages: 0, companies: 0, employees: 0 };
  expect(await seenBy("anna@salon.example")).toEqual([{ activities: 1, tasks: 2, ...nothing }]);
  expect(await seenBy("bo@salon.example")).toEqual([{ activities: 0, tasks: 0, ...nothing }]);
});

describe("customers", () => {
  test("who are linked by a person later become the contact of the meeting", async () => {
    const answer = await site.book(booking());
    const other = await site.book(booking());
    await site.query(
      `UPDATE booking SET customer_id = $2
        WHERE id = (SELECT booking_id FROM activity WHERE id = $1)`,
      [answer.activity?.id, other.contact?.id],
    );
    expect(await activityOf(answer)).toMatchObject({ customer_id: other.contact?.id });
  });
});
