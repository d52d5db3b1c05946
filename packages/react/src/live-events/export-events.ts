import type { BookingEvent } from "@slotwire/contract";
import type { Language } from "../messages/en.ts";

export type ExportFormat = "json" | "csv";

/** The texts of the reader's language. */
export interface ExportWords {
  readonly words: Language["events"];
  readonly statuses: Language["statuses"];
  /** BCP 47. */
  readonly locale: string;
}

type Row = Readonly<Record<keyof Language["events"]["columns"], string | number>>;

function rowOf(event: BookingEvent, { words, statuses }: ExportWords): Row {
  const { type, actor, old_status: before, new_status: after } = event;
  return {
    seq: event.seq,
    occurred_at: event.occurred_at,
    type: words.types[type] ?? type,
    booking_number: event.booking_number,
    booking_id: event.booking_id,
    description: words.describe(event),
    old_status: before === null ? "" : statuses[before],
    new_status: statuses[after],
    actor: actor.name ?? words.actors[actor.kind],
  };
}

/**
 * Writes events for people, as CSV (RFC 4180) in their language: what Excel expects there between cells
 * (a semicolon but in English), and a byte order mark, by which it knows UTF-8. A text that a spreadsheet
 * would take for a formula has an apostrophe before it.
 */
export function eventsAsCsv(events: readonly BookingEvent[], texts: ExportWords): string {
  const between = texts.locale.startsWith("en") ? "," : ";";
  const rows = [texts.words.columns, ...events.map((event) => rowOf(event, texts))];
  const lines = rows.map((row) => Object.values(row).map(cell).join(between));
  return `\u{FEFF}${lines.map((line) => `${line}\r\n`).join("")}`;
}

function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

type Write = (events: readonly BookingEvent[], texts: ExportWords) => string;

/** JSON is for programs: it is what the hub tells, in no language. */
const files: Readonly<Record<ExportFormat, readonly [type: string, text: Write]>> = {
  json: ["application/json", (events) => `${JSON.stringify(events, null, 2)}\n`],
  csv: ["text/csv;charset=utf-8", eventsAsCsv],
};

/** Saves events as a file, as downloads are. */
export function saveEvents(
  events: readonly BookingEvent[],
  format: ExportFormat,
  texts: ExportWords,
): void {
  const [type, text] = files[format];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text(events, texts)], { type }));
  link.download = `${texts.words.file}-${new Date().toISOString().slice(0, 16).replace(":", "-")}.${format}`;
  link.click();
  // Not at once: the browser may read it only then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
