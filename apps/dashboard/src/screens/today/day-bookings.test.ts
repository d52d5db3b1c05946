import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aBooking, aBookingAt } from "../../../test/a-booking.ts";
import { mergeDay } from "./day-bookings.ts";

const day = "2026-11-21";
const zone = "Europe/Stockholm";
const heard = (...bookings: BookingResource[]) => new Map(bookings.map((one) => [one.id, one]));
const merge = (read: BookingResource[], ...live: BookingResource[]) =>
  mergeDay(read, heard(...live), day, zone);

describe("the day's list", () => {
  it("takes in a booking that was heard live", () => {
    const early = aBookingAt("08:00", "09:00");
    const late = aBookingAt("14:00", "15:00");
    expect(merge([late], early)).toEqual([early, late]);
  });

  it("shows a live change in the place of what was read", () => {
    const read = aBookingAt("08:00", "09:00");
    const moved = { ...read, version: 2, starts_at: "2026-11-21T16:00:00.000Z" };
    expect(merge([read], moved)).toEqual([moved]);
  });

  it("keeps the newer version when the list was read after the live change", () => {
    const live = aBookingAt("08:00", "09:00", { version: 2 });
    const read = { ...live, version: 3, title: "Longer consultation" };
    expect(merge([read], live)).toEqual([read]);
  });

  it("keeps a live change when an older reading arrives behind it", () => {
    const live = aBookingAt("08:00", "09:00", { version: 5, status: "cancelled" });
    const stale = { ...live, version: 4, status: "confirmed" as const };
    expect(merge([stale], live)).toEqual([live]);
  });

  it("drops a booking that moved to another day", () => {
    const read = aBookingAt("08:00", "09:00");
    const moved = {
      ...read,
      version: 2,
      starts_at: "2026-11-23T08:00:00.000Z",
      ends_at: "2026-11-23T09:00:00.000Z",
    };
    expect(merge([read], moved)).toEqual([]);
  });

  it("drops a booking that was deleted", () => {
    const read = aBookingAt("08:00", "09:00");
    expect(merge([read], { ...read, version: 2, deleted_at: "2026-11-21T07:00:00.000Z" })).toEqual(
      [],
    );
  });

  it("leaves out live bookings of other days", () => {
    expect(merge([], aBooking({ starts_at: "2026-12-01T08:00:00.000Z" }))).toEqual([]);
  });

  it("is by start, then end, then number, whatever the order of arrival", () => {
    const hour = fc.integer({ min: 0, max: 22 });
    const bookings = fc.array(
      fc.tuple(hour, hour).map(([from, length]) => {
        const at = (h: number) => `${String(Math.min(h, 22)).padStart(2, "0")}:00`;
        return aBookingAt(at(from), at(from + length));
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(bookings, (list) => {
        const numbers = (rows: BookingResource[]) => rows.map((row) => row.booking_number);
        expect(numbers(merge(list.toReversed()))).toEqual(numbers(merge(list)));
        expect(numbers(merge([], ...list))).toEqual(numbers(merge(list)));
      }),
    );
  });
});
