import { describe, expect, it } from "vitest";
import { aBookingAt } from "../../../test/a-booking.ts";
import { summariseDay } from "./day-summary.ts";

const at = (time: string) => Date.parse(`2026-11-21T${time}:00Z`);

describe("the figures of a day", () => {
  it("count cancelled and rejected bookings apart from the others", () => {
    const summary = summariseDay(
      [
        aBookingAt("08:00", "09:00"),
        aBookingAt("09:00", "10:00", { status: "pending" }),
        aBookingAt("10:00", "11:00", { status: "cancelled" }),
        aBookingAt("11:00", "12:00", { status: "rejected" }),
      ],
      at("07:00"),
    );
    expect(summary).toMatchObject({ standing: 2, unconfirmed: 1, cancelled: 2 });
  });

  it("name the first booking that is still to come", () => {
    const next = aBookingAt("10:00", "11:00");
    const bookings = [
      aBookingAt("08:00", "09:00"),
      aBookingAt("09:30", "10:00", { status: "cancelled" }),
      next,
      aBookingAt("12:00", "13:00"),
    ];
    expect(summariseDay(bookings, at("09:10")).next).toBe(next);
    expect(summariseDay(bookings, at("12:30")).next).toBeNull();
  });

  it("call a booking under way from its start until its end", () => {
    const booking = aBookingAt("10:00", "11:00");
    const isUnderWay = (time: string) => summariseDay([booking], at(time)).current.length === 1;
    expect(isUnderWay("09:59")).toBe(false);
    expect(isUnderWay("10:00")).toBe(true);
    expect(isUnderWay("11:00")).toBe(false);
  });

  it("do not call a finished or missed booking under way", () => {
    const done = aBookingAt("10:00", "11:00", { status: "completed" });
    const missed = aBookingAt("10:00", "11:00", { status: "no_show" });
    expect(summariseDay([done, missed], at("10:30")).current).toEqual([]);
  });
});
