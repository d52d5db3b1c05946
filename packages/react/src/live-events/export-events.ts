import type { BookingEvent } from "@slotwire/contract";

export type ExportFormat = "json" | "csv";

const columns: readonly [name: string, value: (event: BookingEvent) => string | number | null][] = [
  ["seq", ({ seq }) => seq],
  ["occurred_at", ({ occurred_at: at }) => at],
  ["type", ({ type }) => type],
  ["booking_number", ({ booking_number: number }) => number],
  ["booking_id", ({ booking_id: id }) => id],
  ["description", ({ description }) => description],
  ["old_status", ({ old_status: status }) => status],
  ["new_status", ({ new_status: status }) => status],
  ["actor", ({ actor }) => actor.name ?? actor.kind],
];

/**
 * Writes events as CSV (RFC 4180) with a byte order mark, by which Excel knows UTF-8. A text that a
 * spreadsheet would take for a formula has an apostrophe before it.
 */
export function eventsAsCsv(events: readonly BookingEvent[]): string {
  const rows = [
    columns.map(([name]) => name),
    ...events.map((event) => columns.map(([, value]) => cell(value(event)))),
  ];
  return `\u{FEFF}${rows.map((row) => `${row.join(",")}\r\n`).join("")}`;
}

function cell(value: string | number | null): string {
  if (typeof value !== "string") return String(value ?? "");
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const files: Readonly<
  Record<ExportFormat, [type: string, text: (events: readonly BookingEvent[]) => string]>
> = {
  json: ["application/json", (events) => `${JSON.stringify(events, null, 2)}\n`],
  csv: ["text/csv;charset=utf-8", eventsAsCsv],
};

/** Saves events as a file, as downloads are. */
export function saveEvents(events: readonly BookingEvent[], format: ExportFormat): void {
  const [type, text] = files[format];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text(events)], { type }));
  link.download = `booking-events-${new Date().toISOString().slice(0, 16).replace(":", "-")}.${format}`;
  link.click();
  // Not at once: the browser may read it only then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
