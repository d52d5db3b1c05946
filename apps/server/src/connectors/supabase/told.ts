import { isRecord } from "../../domain/is-record.ts";
import { cleanText } from "../clean-text.ts";

const MAX_TRIGGER = 100;

type Row = Readonly<Record<string, unknown>>;

/** What a message tells, wherever its rows stand in the body. */
export interface Told {
  /** Its name in the inbox: the event's type, or the table and what happened to it. */
  readonly trigger: string;
  /** The word for what happened, in lower case and without `booking` before it. */
  readonly word: string;
  /** The row of `booking_events`; empty when there is none. */
  readonly event: Row;
  /** The row of `bookings`; empty when there is none. */
  readonly booking: Row;
  /** That row as it was, of an update. */
  readonly before: Row;
  readonly client: Row;
  readonly provider: Row;
}

const row = (value: unknown): Row => (isRecord(value) ? value : {});

/**
 * Finds the rows of a message: a database webhook of Supabase (`type`, `table`, `record`,
 * `old_record`; supabase.com/docs, "Database Webhooks"), the payload that Make.com is sent, or a
 * row of `booking_events` by itself.
 * @returns null when it is none of them
 */
export function readTold(body: Row): Told | null {
  const rest = { client: row(body["client_info"]), provider: row(body["provider_info"]) };
  if (typeof body["table"] === "string") return readTable(body, body["table"], rest);
  const wrapped = body["booking_event"] ?? body["event"];
  const event = isRecord(wrapped) ? wrapped : body;
  const type = cleanText(event["event_type"] ?? body["event_type"] ?? body["event"], MAX_TRIGGER);
  if (type === null) return null;
  const booking = row(body["booking_details"] ?? body["booking"] ?? body["data"]);
  return { trigger: type, word: wordOf(type), event, booking, before: {}, ...rest };
}

function readTable(body: Row, table: string, rest: Pick<Told, "client" | "provider">): Told | null {
  const operation = cleanText(body["type"], MAX_TRIGGER);
  const name = cleanText(table, MAX_TRIGGER);
  if (operation === null || name === null) return null;
  const record = row(body["record"]);
  const before = row(body["old_record"]);
  const trigger = `${name} ${operation}`.slice(0, MAX_TRIGGER);
  const blank = { event: {}, booking: {}, before: {}, ...rest };
  if (name === "booking_events") {
    const type = cleanText(record["event_type"], MAX_TRIGGER);
    // What is written is a fact; what becomes of its row later says nothing about the booking.
    const word = operation === "INSERT" && type !== null ? wordOf(type) : "";
    return { ...blank, trigger: type ?? trigger, word, event: record };
  }
  if (name !== "bookings") return { ...blank, trigger, word: "" };
  const booking = operation === "DELETE" ? before : record;
  return { ...blank, trigger, word: wordOfRow(operation, record, before), booking, before };
}

const moved = ["start_time", "starts_at", "scheduled_start", "end_time", "ends_at"];

/** What happened to a row of `bookings`. */
function wordOfRow(operation: string, record: Row, before: Row): string {
  if (operation === "INSERT") return record["status"] === "pending" ? "requested" : "created";
  if (operation === "DELETE") return "deleted";
  if (operation !== "UPDATE") return "";
  const status = cleanText(record["status"], MAX_TRIGGER);
  if (status !== null && record["status"] !== before["status"]) return wordOf(status);
  return moved.some((name) => record[name] !== before[name]) ? "rescheduled" : "updated";
}

function wordOf(type: string): string {
  return type
    .toLowerCase()
    .replace(/^booking[._: -]?/, "")
    .replaceAll(/[ -]/g, "_");
}
