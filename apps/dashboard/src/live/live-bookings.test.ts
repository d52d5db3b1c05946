import { describe, expect, it } from "vitest";
import { aBooking } from "../../test/a-booking.ts";
import { withBooking, withoutBooking, type LiveBookings } from "./live-bookings.ts";

const nothing: LiveBookings = new Map();

describe("what was heard live", () => {
  it("keeps the highest version of a booking, in whatever order they come", () => {
    const first = aBooking({ version: 1 });
    const second = { ...first, version: 2 };
    const inOrder = withBooking(withBooking(nothing, first), second);
    const reversed = withBooking(withBooking(nothing, second), first);
    expect(inOrder.get(first.id)).toBe(second);
    expect(reversed.get(first.id)).toBe(second);
  });

  it("stays the same object when it hears the same again", () => {
    const booking = aBooking();
    const known = withBooking(nothing, booking);
    expect(withBooking(known, { ...booking })).toBe(known);
  });

  it("forgets a booking that is no longer the reader's", () => {
    const [mine, gone] = [aBooking(), aBooking()];
    const known = withBooking(withBooking(nothing, mine), gone);
    expect([...withoutBooking(known, gone.id).values()]).toEqual([mine]);
    expect(withoutBooking(nothing, gone.id)).toBe(nothing);
  });

  it("forgets those that it heard of longest ago, so that its size stays bounded", () => {
    const renewable = aBooking();
    const oldest = aBooking();
    const others = Array.from({ length: 8 }, () => aBooking());
    let known = nothing;
    for (const booking of [renewable, oldest, ...others]) known = withBooking(known, booking, 10);
    const renewed = { ...renewable, version: 2 };
    known = withBooking(known, renewed, 10);
    known = withBooking(known, aBooking(), 10);
    expect(known.size).toBe(10);
    expect(known.get(renewed.id)).toBe(renewed);
    expect(known.has(oldest.id)).toBe(false);
  });
});
