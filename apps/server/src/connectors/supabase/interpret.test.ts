import { describe, expect, test } from "vitest";
import { interpret } from "./interpret.ts";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");
const read = (body: unknown) =>
  interpret(body, { receivedAt, timeZone: "Europe/Stockholm", settings: {}, headers: {} });

const row = {
  id: 7,
  status: "confirmed",
  start_time: "2026-01-05 09:00:00+00",
  duration_minutes: 45,
  total_price: "450.00",
  currency: "sek",
  client_name: "Jan",
  client_email: "jan@mail.example",
  updated_at: "2026-01-02T08:00:00.5+00:00",
};
const webhook = (type: string, record: object | null, old_record: object | null = null) => ({
  type,
  table: "bookings",
  schema: "public",
  record,
  old_record,
});

describe("a database webhook of the table bookings", () => {
  test("an insert is a new booking, read from its columns", () => {
    expect(read(webhook("INSERT", row))).toMatchObject({
      outcome: "change",
      trigger: "bookings INSERT",
      change: {
        kind: "created",
        status: "confirmed",
        occurredAt: "2026-01-02T08:00:00.500Z",
        refs: { uid: "7" },
        fields: {
          startsAt: "2026-01-05T09:00:00.000Z",
          endsAt: "2026-01-05T09:45:00.000Z",
          priceMinor: 45_000,
          currency: "SEK",
          attendees: [{ name: "Jan", email: "jan@mail.example" }],
        },
      },
    });
  });

  test.each([
    ["the status", { status: "cancelled" }, { kind: "cancelled", status: "cancelled" }],
    ["the status, in capitals", { status: "NO-SHOW" }, { kind: "no_show", status: "no_show" }],
    [
      "a request that is granted",
      { status: "confirmed" },
      { kind: "updated", status: "confirmed" },
    ],
    ["the time", { start_time: "2026-01-06 09:00:00+00" }, { kind: "rescheduled" }],
    ["something else", { notes: "Shy." }, { kind: "updated", fields: { description: "Shy." } }],
  ])("an update of %s says so", (name, changes, change) => {
    const before = name.startsWith("a request") ? { ...row, status: "pending" } : row;
    expect(read(webhook("UPDATE", { ...before, ...changes }, before))).toMatchObject({ change });
  });

  test("a row that is deleted was called off", () => {
    expect(read(webhook("DELETE", null, row))).toMatchObject({
      change: { kind: "cancelled", status: "cancelled", refs: { uid: "7" } },
    });
  });

  test("a time without a zone is the organisation's", () => {
    expect(read(webhook("INSERT", { ...row, start_time: "2026-07-05T09:00:00" }))).toMatchObject({
      change: { fields: { startsAt: "2026-07-05T07:00:00.000Z" } },
    });
  });
});

describe("a row of booking_events", () => {
  const event = {
    id: "e-1",
    booking_id: "b-1",
    event_type: "booking.cancelled",
    description: "Cancelled by the client",
    created_at: "2026-01-03T08:00:00+00:00",
  };

  test.each([
    ["by itself", event],
    ["as `event`", { event }],
    ["as `booking_event`", { booking_event: event }],
    ["of a database webhook", { type: "INSERT", table: "booking_events", record: event }],
  ])("%s is what happened to its booking", (_where, body) => {
    expect(read(body)).toMatchObject({
      outcome: "change",
      trigger: "booking.cancelled",
      change: { kind: "cancelled", occurredAt: "2026-01-03T08:00:00.000Z", refs: { uid: "b-1" } },
    });
  });

  test("what becomes of the row later says nothing about the booking", () => {
    const body = { type: "DELETE", table: "booking_events", record: null, old_record: event };
    expect(read(body)).toMatchObject({ outcome: "ignored" });
  });
});

test("other tables are ignored, and named", () => {
  const body = { type: "INSERT", table: "invoices", record: { id: 1 } };
  expect(read(body)).toMatchObject({ outcome: "ignored", trigger: "invoices INSERT" });
});
