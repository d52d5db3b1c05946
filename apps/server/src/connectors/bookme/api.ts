import { isRecord } from "../../domain/is-record.ts";
import { callSource, type SourceAnswer } from "../call-source.ts";
import { cleanText } from "../clean-text.ts";
import type {
  ApiAccess,
  CommandReceipt,
  ReportedBooking,
  SourceApi,
  SourceCommand,
} from "../connector.ts";
import { SourceApiError } from "../source-api-error.ts";
import { interpret } from "./interpret.ts";
import type { BookmeEvent } from "./schema.ts";

const MAX_LABEL = 500;
const MINUTE = 60_000;

/** What the site calls a booking's state, and the message that would lead there. */
const events: ReadonlyMap<string, BookmeEvent> = new Map([
  ["confirmed", "booking.created"],
  ["cancelled", "booking.cancelled"],
  ["no_show", "booking.no_show"],
  ["completed", "booking.completed"],
]);

/**
 * The API of a booking site, as docs/connectors/bookme.md asks for it: a booking by its id, and a
 * PATCH of it.
 */
export function openApi(access: ApiAccess): SourceApi {
  return {
    async getBooking(id) {
      try {
        return readAnswer(await call(access, "GET", id), access.timeZone);
      } catch (error) {
        if (error instanceof SourceApiError && error.problem === "not_found") return null;
        throw error;
      }
    },
    execute: (command) => execute(access, command),
  };
}

async function execute(access: ApiAccess, command: SourceCommand): Promise<CommandReceipt> {
  const answer = await call(access, "PATCH", command.uid, {
    body: bodyOf(command),
    idempotencyKey: command.idempotencyKey,
  });
  // A site may answer with nothing: its message says what became of the booking.
  return { uid: null, booking: answer.body === null ? null : readIfBooking(answer, access) };
}

function bodyOf(command: SourceCommand): object {
  const reason = command.reason === null ? {} : { reason: command.reason };
  switch (command.kind) {
    case "cancel":
      return { status: "cancelled", ...reason };
    case "reschedule": {
      const minutes = (Date.parse(command.endsAt) - Date.parse(command.startsAt)) / MINUTE;
      return { scheduledDate: command.startsAt, duration: minutes, ...reason };
    }
    case "confirm":
    case "reject":
    case "no_show":
      throw new SourceApiError("refused", "The site takes no such command.");
  }
}

function call(
  access: ApiAccess,
  method: "GET" | "PATCH",
  id: string,
  sent?: { readonly body: object; readonly idempotencyKey: string },
): Promise<SourceAnswer> {
  return callSource(access, {
    method,
    path: `/api/bookings/${encodeURIComponent(id)}`,
    headers: {
      authorization: `Bearer ${access.key}`,
      ...(sent && { "idempotency-key": sent.idempotencyKey }),
    },
    ...(sent && { body: sent.body }),
    reasonIn: (body) => (isRecord(body) ? (body["message"] ?? body["error"]) : null),
  });
}

function readIfBooking(answer: SourceAnswer, { timeZone }: ApiAccess): ReportedBooking | null {
  try {
    return readAnswer(answer, timeZone);
  } catch {
    return null;
  }
}

/** The booking itself, or under `booking`. */
function readAnswer({ body, asOf }: SourceAnswer, timeZone: string): ReportedBooking {
  const booking = isRecord(body) && isRecord(body["booking"]) ? body["booking"] : body;
  const status = isRecord(booking) ? (booking["status"] ?? "confirmed") : null;
  const event = typeof status === "string" ? events.get(status) : undefined;
  if (!isRecord(booking) || event === undefined) throw notUnderstood();
  const id = booking["bookingId"] ?? booking["id"];
  const message = { ...booking, bookingId: id, event, occurredAt: asOf, source: "bookme" };
  const context = { receivedAt: new Date(asOf), timeZone, settings: {}, headers: {} };
  const read = interpret(message, context);
  if (read.outcome !== "change" || read.change.fields.startsAt === undefined) throw notUnderstood();
  const label = cleanText(read.change.fields.title ?? read.change.refs?.uid, MAX_LABEL);
  return { change: read.change, nextUid: null, label: label ?? "", asOf };
}

const notUnderstood = (): SourceApiError =>
  new SourceApiError("unavailable", "The answer does not have the documented form.");
