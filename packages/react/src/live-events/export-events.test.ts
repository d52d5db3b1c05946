import type { BookingEvent } from "@slotwire/contract";
import { expect, test } from "vitest";
import { makeEvent } from "../../../client/test/flaky-hub.ts";
import { eventsAsCsv } from "./export-events.ts";

const csvOf = (change: Partial<BookingEvent>): string =>
  eventsAsCsv([{ ...makeEvent(7), ...change }]).split("\r\n")[1] ?? "";

test("CSV begins with a byte order mark and a header, and each line ends with CRLF", () => {
  const csv = eventsAsCsv([makeEvent(1), makeEvent(2)]);
  expect(csv.startsWith("\u{FEFF}seq,occurred_at,type,booking_number,")).toBe(true);
  expect(csv.endsWith("\r\n")).toBe(true);
  expect(csv.split("\r\n")).toHaveLength(4);
});

test("what separates cells is quoted, and quotes are doubled", () => {
  expect(csvOf({ description: 'Moved, "at last"' })).toContain(',"Moved, ""at last""",');
  expect(csvOf({ description: "two\nlines" })).toContain(',"two\nlines",');
});

test("what a spreadsheet would take for a formula is a text", () => {
  for (const text of ["=1+1", "+45 12", "-2", "@SUM(A1)", "\tx"]) {
    expect(csvOf({ description: text })).toContain(`,'${text},`);
  }
  expect(csvOf({ description: "=A1,B1" })).toContain(`,"'=A1,B1",`);
});
