import fc from "fast-check";
import { expect, test } from "vitest";
import { dateIn, dayBounds } from "./day-bounds.ts";

const HOUR = 3_600_000;
const hours = (date: string, timeZone: string): number => {
  const { start, end } = dayBounds(date, timeZone);
  return (end.getTime() - start.getTime()) / HOUR;
};

test("a day begins at midnight of its zone", () => {
  expect(dayBounds("2026-11-21", "Europe/Stockholm")).toEqual({
    start: new Date("2026-11-20T23:00:00Z"),
    end: new Date("2026-11-21T23:00:00Z"),
  });
});

test("the day on which summer time begins has 23 hours", () => {
  expect(hours("2026-03-29", "Europe/Stockholm")).toBe(23);
});

test("the day on which summer time ends has 25 hours", () => {
  expect(hours("2026-10-25", "Europe/Stockholm")).toBe(25);
});

test("a day whose midnight does not exist begins when the clocks have moved", () => {
  // São Paulo moved its clocks from 00:00 to 01:00 on this day.
  const { start } = dayBounds("2018-11-04", "America/Sao_Paulo");
  expect(start).toEqual(new Date("2018-11-04T03:00:00Z"));
  expect(hours("2018-11-04", "America/Sao_Paulo")).toBe(23);
});

test("a day that a zone skipped is empty", () => {
  // Samoa went from 29 to 31 December 2011, across the date line.
  expect(hours("2011-12-30", "Pacific/Apia")).toBe(0);
});

test("every instant lies within the bounds of its own day", () => {
  const zones = ["Europe/Stockholm", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "UTC"];
  const instants = fc.date({
    min: new Date("1990-01-01T00:00:00Z"),
    max: new Date("2040-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
      const { start, end } = dayBounds(dateIn(zone, instant), zone);
      return start <= instant && instant < end;
    }),
  );
});
