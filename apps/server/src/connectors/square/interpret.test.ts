import { expect, test } from "vitest";
import type { Interpretation } from "../connector.ts";
import { eventIdentity } from "./event-identity.ts";
import { squareFixture, type SquareFixtureName } from "./fixtures.ts";
import { interpret } from "./interpret.ts";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");
const read = (body: unknown): Interpretation =>
  interpret(body, { receivedAt, timeZone: "Europe/Warsaw", settings: {}, headers: {} });

function resultOf(name: SquareFixtureName, booking = {}) {
  const result = read(squareFixture(name, booking));
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  return result;
}
const changeOf = (...given: Parameters<typeof resultOf>) => resultOf(...given).change;

test("booking.created is read field by field, and its API is to be asked for the rest", () => {
  const { change, detailsId } = resultOf("booking_created");
  expect(detailsId).toBe("zkras0xv0xwswx");
  expect(change).toEqual({
    kind: "created",
    refs: { uid: "zkras0xv0xwswx", previousUid: null, icalUid: null },
    occurredAt: "2026-01-02T08:15:00.000Z",
    sourceSequence: 0,
    status: "confirmed",
    sourceStatus: "ACCEPTED",
    statusReason: null,
    cancelledBy: null,
    onePerson: true,
    fields: {
      startsAt: "2026-01-05T09:00:00.000Z",
      // 45 minutes, a break of 15, and 30 minutes.
      endsAt: "2026-01-05T10:30:00.000Z",
      timeZone: "Europe/Warsaw",
      description: "Burek is shy.",
      serviceKey: "RU3PBTZTK7DXZDQFCJHOK2MC",
      metadata: {
        customer_id: "EX2QSVGTZN4K1E5QE1CBFNVQ8M",
        location_id: "LEQHH0YY8B42M",
        team_member_id: "TMXUrsBWWcHTt79t",
        booked_by: "FIRST_PARTY_BUYER",
      },
    },
  });
});

test.each([
  ["booking_requested", "requested", "pending", null],
  ["booking_moved", "updated", "confirmed", null],
  ["booking_cancelled", "cancelled", "cancelled", "customer"],
  ["booking_declined", "rejected", "rejected", null],
  ["booking_no_show", "no_show", "no_show", null],
] as const)("%s is %s and leads to %s", (name, kind, status, cancelledBy) => {
  expect(changeOf(name)).toMatchObject({ kind, status, cancelledBy });
});

test("whoever cancelled is kept, also when that is the seller", () => {
  const change = changeOf("booking_cancelled", { status: "CANCELLED_BY_SELLER" });
  expect(change).toMatchObject({ status: "cancelled", cancelledBy: "seller" });
});

test("a state that Square does not have is failed, and other events are ignored by name", () => {
  expect(read(squareFixture("booking_moved", { status: "TELEPORTED" }))).toMatchObject({
    outcome: "failed",
    code: "E_MESSAGE_SHAPE",
  });
  expect(read({ type: "customer.created" })).toMatchObject({
    outcome: "ignored",
    reason: expect.stringContaining("customer.created") as string,
  });
});

test("of two changes within one second the version tells the later one", () => {
  const at = (version: number): string => changeOf("booking_moved", { version }).occurredAt;
  expect(at(2) > at(1)).toBe(true);
  expect(at(5000)).toBe("2026-01-03T10:00:00.999Z");
  const precise = { version: 7, updated_at: "2026-01-03T10:00:00.250Z" };
  expect(changeOf("booking_moved", precise).occurredAt).toBe("2026-01-03T10:00:00.250Z");
});

test("a length that is missing or absurd makes no booking, and a cancellation does without", () => {
  for (const segments of [[], null, [{}], [{ duration_minutes: 1e9 }], ["x"]]) {
    const without = { appointment_segments: segments };
    expect(read(squareFixture("booking_created", without))).toMatchObject({
      outcome: "ignored",
      reason: "missing duration_minutes",
    });
    const change = changeOf("booking_cancelled", without);
    expect(change.status).toBe("cancelled");
    expect(change.fields).not.toHaveProperty("startsAt");
  }
});

test("it happens at the customer's when Square says so", () => {
  const address = { address_line_1: "ul. Psia 7", locality: "Kraków", postal_code: "30-001" };
  const there = { location_type: "CUSTOMER_LOCATION", address };
  expect(changeOf("booking_created", there).fields.location).toBe("ul. Psia 7, 30-001, Kraków");
  expect(changeOf("booking_created", { address }).fields).not.toHaveProperty("location");
});

test("an event is known by its number", () => {
  const body = squareFixture("booking_created");
  expect(eventIdentity(body)).toBe(body.event_id);
  expect(eventIdentity({ ...body, event_id: 7 })).toBeNull();
});
