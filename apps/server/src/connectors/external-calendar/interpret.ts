import type { BookingStatus, ChangeKind } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText } from "../clean-text.ts";
import type { ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { readInstant } from "../read-instant.ts";
import { failed } from "./errors.ts";
import { externalCalendarSettings } from "./settings.ts";

const MAX_WORD = 100;
const MAX_REASON = 1000;

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** By what a planning system says that it has taken a change over. */
const receipts: ReadonlySet<string> = new Set([
  "accepted",
  "acknowledged",
  "applied",
  "received",
  "synced",
  "test",
  "updated",
]);

/** By what it says that it could not. */
const failures: ReadonlySet<string> = new Set(["conflict", "error", "failed", "refused"]);

const statuses: ReadonlyMap<string, BookingStatus> = new Map([
  ["confirmed", "confirmed"],
  ["cancelled", "cancelled"],
  ["canceled", "cancelled"],
]);

const kinds: Readonly<Record<BookingStatus, ChangeKind>> = {
  pending: "requested",
  confirmed: "updated",
  checked_in: "checked_in",
  in_progress: "started",
  completed: "completed",
  no_show: "no_show",
  cancelled: "cancelled",
  rejected: "rejected",
};

/** Understands an answer of a planning system. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const action = cleanText(body["action"], MAX_WORD);
  const status = cleanText(body["status"] ?? body["new_status"], MAX_WORD);
  const trigger = action ?? (status === null ? null : "status");
  if (trigger === null) return failed(null, "nothing");
  const word = action?.toLowerCase() ?? "";
  if (receipts.has(word)) {
    return { outcome: "ignored", trigger, reason: `${trigger}: it has the change` };
  }
  if (failures.has(word)) return refusedThere(trigger, body);
  if (status === null) {
    return { outcome: "ignored", trigger, reason: `${trigger} does not change a booking` };
  }
  const id = body["booking_id"];
  if (typeof id !== "string" || !uuid.test(id)) return failed(trigger, "id");
  const meant = statusOf(status, context);
  if (meant === null) {
    const reason = `${trigger}: the connection's settings do not say what ${status} means`;
    return { outcome: "ignored", trigger, reason };
  }
  const change = changeOf(body, { id: id.toLowerCase(), status, meant }, context);
  return { outcome: "change", trigger, change, summary: describeChange(change) };
}

/** Somebody has to see to it: the two calendars differ. */
function refusedThere(trigger: string, body: Readonly<Record<string, unknown>>): Interpretation {
  const said = cleanText(body["reason"] ?? body["error"] ?? body["message"], 300);
  const reason = `the external calendar could not take the change over${said === null ? "" : `: ${said}`}`;
  return {
    outcome: "ignored",
    trigger,
    reason,
    asks: [{ kind: "alert", code: "calendars_differ", detail: reason }],
  };
}

function statusOf(word: string, { settings }: InterpretContext): BookingStatus | null {
  const key = word.toLowerCase();
  const read = externalCalendarSettings.safeParse(settings);
  const own = Object.entries(read.success ? read.data.statuses : {});
  const mapped = own.find(([name]) => name.toLowerCase() === key)?.[1];
  return mapped ?? statuses.get(key) ?? null;
}

interface Told {
  readonly id: string;
  /** Its own word, and what that means here. */
  readonly status: string;
  readonly meant: BookingStatus;
}

function changeOf(
  body: Readonly<Record<string, unknown>>,
  { id, status, meant }: Told,
  { receivedAt }: InterpretContext,
): ConnectorChange {
  const isOff = meant === "cancelled" || meant === "rejected";
  const time = body["timestamp"];
  return {
    kind: kinds[meant],
    refs: null,
    hubBookingId: id,
    occurredAt: (typeof time === "string" ? readInstant(time) : null) ?? receivedAt.toISOString(),
    sourceSequence: null,
    status: meant,
    sourceStatus: status,
    statusReason: isOff ? cleanText(body["reason"], MAX_REASON) : null,
    cancelledBy: null,
    fields: {},
  };
}
