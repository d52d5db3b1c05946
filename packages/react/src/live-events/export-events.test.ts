import type { BookingEvent } from "@slotwire/contract";
import { expect, test } from "vitest";
import { makeEvent } from "../../../client/test/flaky-hub.ts";
import { en, type Language } from "../messages/en.ts";
import { sv } from "../messages/sv.ts";
import { eventsAsCsv } from "./export-events.ts";

const csvIn = (language: Language, events: readonly BookingEvent[]): string =>
  eventsAsCsv(events, {
    words: language.events,
    statuses: language.statuses,
    locale: language.locale,
  });
const csvOf = (change: Partial<BookingEvent>): string =>
  csvIn(en, [{ ...makeEvent(7), ...change }]).split("\r\n")[1] ?? "";

test("CSV begins with a byte order mark and a header, and each line ends with CRLF", () => {
  const csv = csvIn(en, [makeEvent(1), makeEvent(2)]);
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

test("CSV is in the reader's language, with what a spreadsheet expects there", () => {
  const event = { ...makeEvent(7), actor: { kind: "customer", id: null, name: null } } as const;
  const [header, row = ""] = csvIn(sv, [{ ...event, new_status: "checked_in" }]).split("\r\n");
  expect(header).toBe(
    "\u{FEFF}nr;tid;händelse;bokning;boknings-id;beskrivning;status före;status efter;av",
  );
  expect(row.startsWith("7;")).toBe(true);
  expect(row.endsWith(";Incheckad;kund")).toBe(true);
});
