import { describe, expect, it } from "vitest";
import { aBookingAt } from "../../../test/a-booking.ts";
import { layOutAgenda, type AgendaLine } from "./agenda.ts";

const at = (time: string) => Date.parse(`2026-11-21T${time}:00Z`);

/** The lines as words: `10:00`, `free 30`, `now`. */
function words(lines: readonly AgendaLine[]): string[] {
  return lines.map((line) => {
    if (line.kind === "booking") return line.booking.starts_at.slice(11, 16);
    return line.kind === "gap" ? `free ${line.minutes}` : "now";
  });
}

const nine = aBookingAt("09:00", "10:00");
const eleven = aBookingAt("11:00", "12:00");

describe("the now-line", () => {
  it("stands before the first booking that has not begun", () => {
    expect(words(layOutAgenda([nine, eleven], at("08:00")))[0]).toBe("now");
    expect(words(layOutAgenda([nine, eleven], at("09:30")))).toEqual([
      "09:00",
      "now",
      "free 60",
      "11:00",
    ]);
  });

  it("stands behind the free time that it lies in", () => {
    expect(words(layOutAgenda([nine, eleven], at("10:20")))).toEqual([
      "09:00",
      "free 60",
      "now",
      "11:00",
    ]);
  });

  it("stands at the end when all have begun", () => {
    expect(words(layOutAgenda([nine, eleven], at("18:00"))).at(-1)).toBe("now");
  });

  it("is there exactly once, and only today", () => {
    const nows = (lines: AgendaLine[]) => lines.filter((line) => line.kind === "now").length;
    expect(nows(layOutAgenda([nine, nine, eleven, eleven], at("09:00")))).toBe(1);
    expect(nows(layOutAgenda([nine, eleven], null))).toBe(0);
    expect(layOutAgenda([], at("09:00"))).toEqual([]);
  });
});

describe("free time", () => {
  it("is shown from half an hour on", () => {
    const soon = aBookingAt("10:29", "10:50");
    expect(words(layOutAgenda([nine, soon], null))).toEqual(["09:00", "10:29"]);
    const later = aBookingAt("10:30", "10:50");
    expect(words(layOutAgenda([nine, later], null))).toEqual(["09:00", "free 30", "10:30"]);
  });

  it("counts from the latest end of all that began before", () => {
    const long = aBookingAt("08:00", "10:45");
    const short = aBookingAt("08:30", "09:00");
    expect(words(layOutAgenda([long, short, eleven], null))).toEqual(["08:00", "08:30", "11:00"]);
  });

  it("is not filled by a cancelled booking", () => {
    const cancelled = aBookingAt("10:00", "11:00", { status: "cancelled" });
    expect(words(layOutAgenda([nine, cancelled, eleven], null))).toEqual([
      "09:00",
      "10:00",
      "free 60",
      "11:00",
    ]);
  });
});
