import { expect, it } from "vitest";
import { aBooking } from "../../../test/a-booking.ts";
import { nextBooking } from "./next-booking.ts";

const from = "2026-11-22T00:00:00.000Z";
const on = (day: string, given = {}) =>
  aBooking({ starts_at: `2026-11-${day}T10:00:00.000Z`, ...given });
const byId = (...bookings: ReturnType<typeof aBooking>[]) =>
  new Map(bookings.map((booking) => [booking.id, booking]));

it("is the first that takes place, not one that was called off or is over", () => {
  const wanted = on("24");
  const read = [on("21"), on("22", { status: "cancelled" }), on("26"), wanted];
  expect(nextBooking(read, new Map(), from)).toBe(wanted);
  expect(nextBooking([], new Map(), from)).toBeNull();
});

it("is what was heard live, if that is newer", () => {
  const known = on("24", { version: 1 });
  const moved = { ...known, version: 2, starts_at: "2026-11-30T10:00:00.000Z" };
  const added = on("25");
  expect(nextBooking([known], byId(moved, added), from)).toBe(added);
  expect(nextBooking([moved], byId(known), from)).toBe(moved);
  const gone = { ...added, version: 2, deleted_at: "2026-11-21T10:00:00.000Z" };
  expect(nextBooking([added], byId(gone), from)).toBeNull();
});
