import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hubChange, manager, visit } from "../../test/booking-change.ts";
import { type LedgerFixture, ledgerFixture, nobodyListens } from "../../test/ledger-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { systemClock } from "../clock.ts";
import { tenant } from "../db/database.ts";
import type { Attendee, BookingChange } from "../domain/booking.ts";
import type { NamedRecords } from "../domain/match-customer.ts";
import { readEvents } from "./read-events.ts";
import { record, type RecordInput, type RecordResult } from "./record.ts";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

const person = (
  name: string | null,
  email: string | null,
  phone: string | null = null,
): Attendee => ({
  name,
  email,
  phone,
  status: "accepted",
  seatRef: null,
});

const inOrg = <Row>({ orgId }: LedgerFixture, sql: string, values: unknown[] = []) =>
  opened.db.transaction(tenant(orgId), (tx) => tx.query<Row>(sql, values));

let uids = 0;
/** Records what a source says of a booking; a new one unless `uid` is given. */
function say(
  fixture: LedgerFixture,
  said: {
    uid?: string;
    people?: Attendee[];
    named?: Partial<NamedRecords>;
    more?: Partial<BookingChange>;
    input?: Partial<RecordInput>;
  },
): Promise<RecordResult> {
  const attendees = said.people ?? [person("Anna Berg", "anna@example.com")];
  return record(
    { db: opened.db, clock: systemClock, wake: nobodyListens },
    {
      orgId: fixture.orgId,
      change: fixture.change(said.uid ?? `uid-${(uids += 1)}`, {
        fields: { ...visit, attendees },
        ...said.more,
      }),
      sourceKind: "calcom",
      message: null,
      named: said.named && { customerId: null, subjectId: null, ...said.named },
      ...said.input,
    },
  );
}

async function bookingOf(fixture: LedgerFixture, { bookingId }: RecordResult) {
  const [row] = await inOrg<{ booking: BookingResource }>(
    fixture,
    "SELECT booking_resource(b) AS booking FROM booking b WHERE id = $1",
    [bookingId],
  );
  if (row === undefined) throw new Error("there is no such booking");
  return row.booking;
}

const customerOf = async (fixture: LedgerFixture, result: RecordResult) =>
  (await bookingOf(fixture, result)).customer;

const countCustomers = async (fixture: LedgerFixture): Promise<number> =>
  (await inOrg<{ n: number }>(fixture, "SELECT count(*) AS n FROM customer"))[0]?.n ?? -1;

/** A customer with a pet, by the organisation's own ids. */
async function bring(fixture: LedgerFixture, name: string): Promise<{ id: string; pet: string }> {
  const [row] = await inOrg<{ id: string; pet: string }>(
    fixture,
    `WITH made AS (INSERT INTO customer (org_id, display_name, source) VALUES ($1, $2, 'user')
                   RETURNING org_id, id),
          known AS (INSERT INTO customer_identity (org_id, customer_id, kind, value_raw, value_norm)
                    SELECT org_id, id, 'external', $2, $2 FROM made)
     INSERT INTO subject (org_id, customer_id, name, external_id)
     SELECT org_id, id, 'Rex', $2 || '-pet' FROM made RETURNING customer_id AS id, id AS pet`,
    [fixture.orgId, name],
  );
  if (row === undefined) throw new Error("nobody was made");
  return row;
}

describe("a booking", () => {
  test("makes its customer, whom its first event shows", async () => {
    const fixture = await ledgerFixture(opened.db);
    const made = await say(fixture, {
      people: [person("Anna Maria Berg", " Anna@Example.com ", "070-123 45 67")],
    });
    const [event] = await readEvents(opened.db, fixture.orgId, 0, 10);
    const { customer } = await bookingOf(fixture, made);
    expect(customer).toEqual({
      id: expect.any(String),
      name: "Anna Maria Berg",
      email: "Anna@Example.com",
      phone: "070-123 45 67",
    });
    expect(event?.data.booking?.customer).toEqual(customer);
    expect(await inOrg(fixture, "SELECT first_name, last_name, source FROM customer")).toEqual([
      { first_name: "Anna", last_name: "Maria Berg", source: "connection" },
    ]);
    expect(
      await inOrg(fixture, "SELECT kind, value_norm FROM customer_identity ORDER BY kind"),
    ).toEqual([
      { kind: "email", value_norm: "anna@example.com" },
      { kind: "phone", value_norm: "+46701234567" },
    ]);
  });

  test("finds its customer by e-mail, or by a phone with a similar name, and nobody else's", async () => {
    const fixture = await ledgerFixture(opened.db);
    const whose = async (...people: Attendee[]) =>
      (await customerOf(fixture, await say(fixture, { people })))?.name ?? null;
    expect(await whose(person("Anna Berg", "anna@example.com", "+46 70 123 45 67"))).toBe(
      "Anna Berg",
    );
    expect(await whose(person("Somebody", "ANNA@example.com"))).toBe("Anna Berg");
    expect(await whose(person("berg, ANNA", null, "0701234567"))).toBe("Anna Berg");
    expect(await whose(person(null, null, "0701234567"))).toBeNull();
    expect(await whose(person("No Contact", null))).toBeNull();
    expect(await countCustomers(fixture)).toBe(1);
    expect(await whose(person("Jan Berg", null, "0701234567"))).toBe("Jan Berg");
    expect(await countCustomers(fixture)).toBe(2);
    const elsewhere = await ledgerFixture(opened.db);
    const there = await say(elsewhere, { people: [person("Anna Berg", "anna@example.com")] });
    const here = await inOrg<{ id: string }>(fixture, "SELECT id FROM customer");
    expect(here.map(({ id }) => id)).not.toContain((await customerOf(elsewhere, there))?.id);
  });

  test("that is made in the hub finds its customer too", async () => {
    const fixture = await ledgerFixture(opened.db);
    const fields = { ...visit, attendees: [person("Bo", "bo@example.com")] };
    const made = await fixture.record(hubChange(manager, { fields }));
    expect(await customerOf(fixture, made)).toMatchObject({ name: "Bo" });
    expect(await inOrg(fixture, "SELECT source, connection_id FROM customer")).toEqual([
      { source: "user", connection_id: null },
    ]);
  });

  test("finds its customer as soon as it tells how to reach somebody", async () => {
    const fixture = await ledgerFixture(opened.db);
    await say(fixture, { uid: "bare", people: [person("Anna", null)] });
    const later = await say(fixture, {
      uid: "bare",
      people: [person("Anna", "anna@example.com")],
      more: { kind: "updated", occurredAt: "2026-03-02T08:00:00.000Z" },
    });
    const [, event] = await readEvents(opened.db, fixture.orgId, 0, 10);
    expect(event).toMatchObject({
      type: "booking.updated",
      data: { previous: { customer: null } },
    });
    expect(event?.changed_fields).toContain("customer");
    expect(event?.data.booking?.customer).toEqual(await customerOf(fixture, later));
  });

  test("that absorbs another takes over its customer", async () => {
    const fixture = await ledgerFixture(opened.db);
    const at = (uid: string, previousUid: string | null, hour: number): Partial<BookingChange> => ({
      refs: { uid, previousUid, icalUid: null },
      occurredAt: `2026-03-02T0${hour}:00:00.000Z`,
    });
    await say(fixture, { people: [], more: at("old", null, 1) });
    await say(fixture, { more: at("new", null, 2) });
    const joined = await say(fixture, {
      people: [],
      more: { ...at("new", "old", 2), kind: "rescheduled" },
    });
    expect(await customerOf(fixture, joined)).toMatchObject({ name: "Anna Berg" });
    expect(await countCustomers(fixture)).toBe(1);
  });
});

describe("a message fills blanks", () => {
  test("of a customer, and overwrites nothing", async () => {
    const fixture = await ledgerFixture(opened.db);
    await say(fixture, { people: [person(null, "anna@example.com")] });
    const second = await say(fixture, {
      people: [person("Anna Berg", "anna@example.com", "0701234567")],
    });
    const known = { name: "Anna Berg", email: "anna@example.com", phone: "0701234567" };
    expect(await customerOf(fixture, second)).toMatchObject(known);
    const third = await say(fixture, {
      people: [person("Other", "anna@example.com", "08-123 456 78")],
    });
    expect(await customerOf(fixture, third)).toMatchObject(known);
    const fourth = await say(fixture, { people: [person("", "anna@example.com", "")] });
    expect(await customerOf(fixture, fourth)).toMatchObject(known);
  });

  test("but none that a person emptied", async () => {
    const fixture = await ledgerFixture(opened.db);
    await say(fixture, {});
    await inOrg(fixture, "UPDATE customer SET edited_fields = '{phone}'");
    const again = await say(fixture, {
      people: [person("Anna", "anna@example.com", "0701234567")],
    });
    expect(await customerOf(fixture, again)).toMatchObject({ phone: null });
  });
});

describe("a message that names a customer and a pet", () => {
  test("links both, by the organisation's ids, the hub's, and those of its connection alone", async () => {
    const fixture = await ledgerFixture(opened.db);
    const anna = await bring(fixture, "41");
    for (const named of [
      { customerId: "41", subjectId: "41-pet" },
      { customerId: anna.id, subjectId: anna.pet },
      { customerId: anna.id.toUpperCase(), subjectId: "41-pet" },
      { subjectId: "41-pet" },
    ]) {
      const booking = await bookingOf(fixture, await say(fixture, { named }));
      expect(booking).toMatchObject({ customer: { id: anna.id }, subjects: [{ id: anna.pet }] });
      // What anybody can write into a link makes no address the customer's.
      expect(booking.customer?.email).toBeNull();
    }
    expect(await countCustomers(fixture)).toBe(1);
  });

  test("links nothing when one of them is unknown, another organisation's, or another customer's", async () => {
    const fixture = await ledgerFixture(opened.db);
    const there = await bring(await ledgerFixture(opened.db), "77");
    const anna = await bring(fixture, "41");
    await bring(fixture, "42");
    await say(fixture, {});
    for (const named of [
      { customerId: "nobody" },
      { customerId: there.id },
      { customerId: "77", subjectId: "77-pet" },
      { subjectId: there.pet },
      { customerId: anna.id, subjectId: "42-pet" },
      { customerId: "41", subjectId: there.pet },
    ]) {
      const made = await say(fixture, {
        named,
        input: { message: fixture.message(JSON.stringify(named)) },
      });
      expect(made.action).toBe("created");
      expect(await bookingOf(fixture, made)).toMatchObject({ customer: null, subjects: [] });
      const [message] = await inOrg<{ warning: string }>(
        fixture,
        "SELECT warning FROM inbound_message WHERE id = $1",
        [made.messageId],
      );
      expect(message?.warning, JSON.stringify(named)).toMatch(/Nothing was linked to the booking/);
    }
    expect(await countCustomers(fixture)).toBe(3);
  });

  test("later tells a linked booking's pet, and does not make it another customer's", async () => {
    const fixture = await ledgerFixture(opened.db);
    const anna = await bring(fixture, "41");
    await bring(fixture, "42");
    const update = (hour: number): Partial<BookingChange> => ({
      kind: "updated",
      occurredAt: `2026-03-02T0${hour}:00:00.000Z`,
      fields: { ...visit, title: `At ${hour}` },
    });
    await say(fixture, { uid: "named", named: { customerId: "41" } });
    const told = await say(fixture, {
      uid: "named",
      more: update(1),
      named: { subjectId: "41-pet" },
    });
    expect(await bookingOf(fixture, told)).toMatchObject({ subjects: [{ id: anna.pet }] });
    const other = await say(fixture, {
      uid: "named",
      more: update(2),
      named: { customerId: "42" },
      input: { message: fixture.message("other") },
    });
    expect(await customerOf(fixture, other)).toMatchObject({ id: anna.id });
    expect(await inOrg(fixture, "SELECT warning FROM inbound_message")).toEqual([
      {
        warning:
          "It names another customer than the booking is linked to. The link was left as it is.",
      },
    ]);
  });
});

describe("a person's link", () => {
  const link = (
    fixture: LedgerFixture,
    bookingId: string | null,
    more: Partial<RecordInput["link"]>,
  ) =>
    say(fixture, {
      input: {
        change: hubChange(manager, { bookingId, kind: "updated", status: null, fields: {} }),
        sourceKind: null,
        link: { customerId: null, subjectIds: [], newCustomer: null, ...more },
      },
    });

  test("is an event of its own, also on a booking that a source owns, and messages leave it", async () => {
    const fixture = await ledgerFixture(opened.db);
    const bo = await bring(fixture, "42");
    const made = await say(fixture, { uid: "mine" });
    const linked = await link(fixture, made.bookingId, { customerId: bo.id });
    expect(linked).toMatchObject({ action: "customer_linked", version: 2 });
    expect(await link(fixture, made.bookingId, { customerId: bo.id })).toMatchObject({
      action: "unchanged",
    });
    const pet = await link(fixture, made.bookingId, { customerId: bo.id, subjectIds: [bo.pet] });
    expect(pet).toMatchObject({ action: "subject_linked", version: 3 });
    const events = await readEvents(opened.db, fixture.orgId, 1, 10);
    expect(events).toMatchObject([
      {
        type: "booking.customer_linked",
        changed_fields: ["customer"],
        data: { previous: { customer: { name: "Anna Berg" } } },
      },
      {
        type: "booking.subject_linked",
        changed_fields: ["subjects"],
        data: { previous: { subjects: [] } },
      },
    ]);
    const removed = await link(fixture, made.bookingId, {});
    expect(await bookingOf(fixture, removed)).toMatchObject({ customer: null, subjects: [] });
    await say(fixture, {
      uid: "mine",
      named: { customerId: "42", subjectId: "42-pet" },
      more: {
        kind: "updated",
        occurredAt: "2026-03-02T08:00:00.000Z",
        fields: { ...visit, title: "New" },
      },
    });
    expect(await bookingOf(fixture, made)).toMatchObject({
      title: "New",
      customer: null,
      subjects: [],
    });
  });
});

test("a link that is made by SQL is an event too", async () => {
  const fixture = await ledgerFixture(opened.db);
  const bo = await bring(fixture, "42");
  const made = await say(fixture, {});
  await inOrg(fixture, "UPDATE booking SET customer_id = $1 WHERE id = $2", [
    bo.id,
    made.bookingId,
  ]);
  const [, event] = await readEvents(opened.db, fixture.orgId, 0, 10);
  expect(event).toMatchObject({
    type: "booking.customer_linked",
    data: { booking: { customer: { id: bo.id } } },
  });
});

test("two at once make one customer, however many come and by whatever they are known", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("email", "phone", "both"), { minLength: 16, maxLength: 16 }),
      async (ways) => {
        const fixture = await ledgerFixture(opened.db);
        // Somebody has to be known by both, or two who share nothing could not be told to be one.
        const made = await Promise.all(
          ["both" as const, ...ways].map((way) =>
            say(fixture, {
              people: [
                person(
                  "Anna Berg",
                  way === "phone" ? null : "anna@example.com",
                  way === "email" ? null : "0701234567",
                ),
              ],
            }),
          ),
        );
        expect(made.every(({ action }) => action === "created")).toBe(true);
        const [row] = await inOrg<{ emails: number; links: number; bookings: number }>(
          fixture,
          `SELECT (SELECT count(*) FROM customer_identity WHERE kind = 'email') AS emails,
                  count(DISTINCT customer_id) AS links, count(customer_id) AS bookings
             FROM booking`,
        );
        expect(row).toMatchObject({ emails: 1, bookings: 17 });
        // Of those who are known by one thing alone, the first may come before the two are joined.
        expect(row?.links).toBeLessThanOrEqual(2);
        expect(await countCustomers(fixture)).toBe(row?.links);
      },
    ),
    { numRuns: 6 },
  );
});

test.each(["email", "phone"])("sixteen writers with one %s make one customer", async (way) => {
  const fixture = await ledgerFixture(opened.db);
  const [email, phone] = way === "email" ? ["anna@example.com", null] : [null, "0701234567"];
  const results = await Promise.all(
    Array.from({ length: 16 }, () => say(fixture, { people: [person("Anna Berg", email, phone)] })),
  );
  expect(new Set(results.map(({ bookingId }) => bookingId)).size).toBe(16);
  expect(await countCustomers(fixture)).toBe(1);
});
