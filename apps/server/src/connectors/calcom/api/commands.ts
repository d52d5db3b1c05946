import type { CommandReceipt, ReportedBooking, SourceCommand } from "../../connector.ts";
import { SourceApiError } from "../../source-api-error.ts";
import type { Call } from "./call.ts";
import { readBookings } from "./read-bookings.ts";
import type { Reader } from "./report.ts";

/** Cal.com wants a reason of whoever cancels as the host. */
const NO_REASON = "Cancelled by the host";

/**
 * Has Cal.com do something with a booking. The API knows no idempotency keys: when it refuses, the
 * booking is looked at, and what is already as the command wants it is a success.
 */
export async function executeCommand(
  call: Call,
  reader: Reader,
  command: SourceCommand,
): Promise<CommandReceipt> {
  try {
    return await send(call, reader, command);
  } catch (error) {
    if (!(error instanceof SourceApiError) || error.problem !== "refused") throw error;
    const done = await receiptIfDone(call, reader, command);
    if (done === null) throw error;
    return done;
  }
}

async function send(call: Call, reader: Reader, command: SourceCommand): Promise<CommandReceipt> {
  const body = await bodyOf(call, reader, command);
  const answer = await call({
    method: "POST",
    path: `${pathOf(command.uid)}/${verbs[command.kind]}`,
    body,
  });
  const bookings = readBookings(answer, reader);
  const booking =
    command.kind === "reschedule"
      ? bookings[0]
      : bookings.find(({ change }) => change.refs?.uid === command.uid);
  return receiptOf(command, booking ?? null);
}

const pathOf = (uid: string): string => `/bookings/${encodeURIComponent(uid)}`;

const verbs: Record<SourceCommand["kind"], string> = {
  cancel: "cancel",
  confirm: "confirm",
  reject: "decline",
  reschedule: "reschedule",
  no_show: "mark-absent",
};

function receiptOf({ uid }: SourceCommand, booking: ReportedBooking | null): CommandReceipt {
  const now = booking?.change.refs?.uid ?? uid;
  return { uid: now === uid ? null : now, booking };
}

async function bodyOf(call: Call, reader: Reader, command: SourceCommand): Promise<object> {
  switch (command.kind) {
    case "cancel":
      return command.seatRef == null
        ? { cancellationReason: command.reason ?? NO_REASON }
        : { seatUid: command.seatRef };
    case "confirm":
      return {};
    case "reject":
      return command.reason === null ? {} : { reason: command.reason };
    case "no_show":
      return { attendees: command.attendees.map(({ email, absent }) => ({ email, absent })) };
    case "reschedule":
      return rescheduleBody(await readOne(call, reader, command.uid), command);
  }
}

type Reschedule = Extract<SourceCommand, { kind: "reschedule" }>;

/**
 * In the host's name, whose reschedules need no confirmation. The API takes a start alone: the
 * length is the event type's.
 * @throws SourceApiError refused, when the command wants another length
 */
function rescheduleBody(booking: ReportedBooking, command: Reschedule): object {
  const { startsAt, endsAt, provider } = booking.change.fields;
  const length = minutesBetween(startsAt ?? "", endsAt ?? "");
  if (minutesBetween(command.startsAt, command.endsAt) !== length) {
    throw new SourceApiError("refused", `Cal.com keeps its length of ${length} minutes.`);
  }
  const host = provider?.email ?? null;
  return {
    start: command.startsAt,
    ...(host === null ? {} : { rescheduledBy: host }),
    ...(command.seatRef == null
      ? command.reason !== null && { reschedulingReason: command.reason }
      : { seatUid: command.seatRef }),
  };
}

const minutesBetween = (start: string, end: string): number =>
  Math.round((Date.parse(end) - Date.parse(start)) / 60_000);

async function readOne(call: Call, reader: Reader, uid: string): Promise<ReportedBooking> {
  const answer = await call({ method: "GET", path: pathOf(uid) });
  const booking = readBookings(answer, reader).find(({ change }) => change.refs?.uid === uid);
  if (booking === undefined) {
    throw new SourceApiError("not_found", "Cal.com knows this id as a series, not as a booking.");
  }
  return booking;
}

/** The receipt of a command that had been carried out before, its answer lost; null otherwise. */
async function receiptIfDone(
  call: Call,
  reader: Reader,
  command: SourceCommand,
): Promise<CommandReceipt | null> {
  const booking = await readOne(call, reader, command.uid);
  const { change, nextUid } = booking;
  switch (command.kind) {
    case "cancel":
      return isCancelledAsAsked(booking, command.seatRef ?? null)
        ? receiptOf(command, booking)
        : null;
    case "confirm":
      return change.sourceStatus === "ACCEPTED" ? receiptOf(command, booking) : null;
    case "reject":
      return change.sourceStatus === "REJECTED" ? receiptOf(command, booking) : null;
    case "no_show":
      return null;
    case "reschedule": {
      if (nextUid === null) return null;
      const next = await readOne(call, reader, nextUid);
      const isThere =
        Date.parse(next.change.fields.startsAt ?? "") === Date.parse(command.startsAt);
      return isThere ? receiptOf(command, next) : null;
    }
  }
}

function isCancelledAsAsked({ change, nextUid }: ReportedBooking, seat: string | null): boolean {
  if (seat === null) return change.sourceStatus === "CANCELLED" && nextUid === null;
  return !(change.fields.attendees ?? []).some(({ seatRef }) => seatRef === seat);
}
