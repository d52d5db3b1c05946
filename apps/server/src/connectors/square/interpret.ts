import type { BookingFields, BookingStatus, ChangeKind } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { readInstant } from "../read-instant.ts";
import { failed } from "./errors.ts";
import { readFields, readTimes } from "./fields.ts";
import { messageSchema, type SquareBooking } from "./schema.ts";

const MAX_TYPE = 100;
const MAX_ID = 500;
/** Largest value of the column that keeps the sequence. */
const MAX_SEQUENCE = 2_147_483_647;

/** The states of developer.squareup.com/reference/square/enums/BookingStatus. */
const states: ReadonlyMap<string, State> = new Map([
  ["PENDING", { kind: "updated", status: "pending", by: null }],
  ["ACCEPTED", { kind: "updated", status: "confirmed", by: null }],
  ["CANCELLED_BY_CUSTOMER", { kind: "cancelled", status: "cancelled", by: "customer" }],
  ["CANCELLED_BY_SELLER", { kind: "cancelled", status: "cancelled", by: "seller" }],
  ["DECLINED", { kind: "rejected", status: "rejected", by: null }],
  ["NO_SHOW", { kind: "no_show", status: "no_show", by: null }],
]);

interface State {
  readonly kind: ChangeKind;
  readonly status: BookingStatus;
  readonly by: "customer" | "seller" | null;
}

/** Understands a body of Square. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const trigger = cleanText(body["type"], MAX_TYPE);
  if (trigger === null) return failed(null, "noType");
  if (trigger !== "booking.created" && trigger !== "booking.updated") {
    return { outcome: "ignored", trigger, reason: `${trigger} does not change a booking` };
  }
  const message = messageSchema.safeParse(body);
  if (!message.success) {
    return failed(trigger, "shape", message.error.issues[0]?.path.join(".").slice(0, MAX_TYPE));
  }
  return interpretBooking(trigger, message.data.data.object.booking, context);
}

/** An update says what is, not what changed: the ledger sees whether the time is another one. */
function interpretBooking(
  trigger: string,
  booking: SquareBooking,
  context: InterpretContext,
): Interpretation {
  if (!isCleanText(booking.id, MAX_ID)) return failed(trigger, "id");
  const times = readTimes(booking);
  if (times.state === "wrong") return failed(trigger, "start_at");
  const state = states.get(booking.status ?? "");
  if (state === undefined) return failed(trigger, "shape", "status");
  const { status, by } = state;
  const kind = trigger === "booking.created" ? kindOfNew(state) : state.kind;
  if (times.state === "missing" && !endings.has(kind)) {
    return { outcome: "ignored", trigger, reason: `missing ${times.field}` };
  }
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  const fields: Partial<BookingFields> = {
    ...readFields(booking),
    ...(startsAt === undefined || endsAt === undefined
      ? {}
      : { startsAt, endsAt, timeZone: context.timeZone }),
  };
  const change: ConnectorChange = {
    kind,
    refs: { uid: booking.id, previousUid: null, icalUid: null },
    occurredAt: occurrence(booking, context),
    sourceSequence: versionOf(booking),
    status,
    sourceStatus: cleanText(booking.status, MAX_TYPE),
    statusReason: null,
    cancelledBy: by,
    onePerson: true,
    fields,
  };
  const summary = describeChange(change);
  // Who the customer is, and what the service is called, is known to the API alone.
  return { outcome: "change", trigger, change, summary, detailsId: booking.id };
}

/** What ends a booking is understood without its times. */
const endings: ReadonlySet<ChangeKind> = new Set(["cancelled", "rejected", "no_show"]);

function kindOfNew({ kind, status }: State): ChangeKind {
  if (kind !== "updated") return kind;
  return status === "pending" ? "requested" : "created";
}

/**
 * When it became so. Square writes whole seconds: of two changes within one, the version tells
 * which came later, so it stands in for the missing milliseconds.
 */
function occurrence(booking: SquareBooking, { receivedAt }: InterpretContext): string {
  const at = readInstant(booking.updated_at) ?? readInstant(booking.created_at);
  if (at === null) return receivedAt.toISOString();
  if (!at.endsWith(".000Z")) return at;
  return new Date(Date.parse(at) + Math.min(versionOf(booking) ?? 0, 999)).toISOString();
}

function versionOf({ version }: SquareBooking): number | null {
  if (typeof version !== "number" || !Number.isInteger(version)) return null;
  return version >= 0 && version <= MAX_SEQUENCE ? version : null;
}
