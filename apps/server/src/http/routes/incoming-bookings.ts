import {
  type IncomingBooking,
  incomingBookingSchema,
  type RefusedBooking,
  refusedBookingSchema,
  type StoredBooking,
  storedBookingSchema,
} from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { explainPayload, type PayloadIssue } from "../../connectors/bookme/explain-payload.ts";
import { readCrmRecords } from "../../crm/read-crm-records.ts";
import { loggableError } from "../../db/loggable-error.ts";
import { SlotwireError } from "../../errors.ts";
import type { AppliedMessage } from "../../inbox/apply-message.ts";
import type { ConnectionAddress } from "../../inbox/connections/connection-directory.ts";
import { parseBody } from "../../inbox/parse-body.ts";
import { receiveMessage } from "../../inbox/receive-message.ts";
import type { App, Hub } from "../app.types.ts";
import { doorOf } from "../door-of.ts";
import { openDoors } from "../open-doors.ts";
import { slotwireErrorOf } from "../problem.ts";
import { messageOf, takeRawBodies } from "../raw-bodies.ts";

/** The kind of source that posts here. */
const kind = "bookme";

const schema = {
  tags: ["webhooks"],
  security: [],
  description:
    "Answered once booking, contact, lead, activity and tasks are stored: 200 with their ids, and the same ids when it comes again; 202 when it is kept and becomes a booking later. 400 when the payload is not understood (it is kept in the inbox all the same), 422 when a no-show names somebody who is not on the booking, 401 when the secret is wrong or none is set.",
  response: {
    200: incomingBookingSchema,
    202: storedBookingSchema,
    400: refusedBookingSchema,
    401: refusedBookingSchema,
    422: refusedBookingSchema,
    500: refusedBookingSchema,
  },
};

/** Where a booking site posts its bookings, and is told what the CRM made of them. */
export function incomingBookingsRoutes(app: App, hub: Hub): void {
  takeRawBodies(app);
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply));

  openDoors(app, hub, {
    kind,
    path: "/api/bookings/incoming",
    schema,
    summaries: [
      "A booking of the default organisation's booking site",
      "A booking of the booking site behind one connection",
    ],
    receive: (request, reply, connection) => receive(hub, request, reply, connection),
  });
}

async function receive(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  connection: ConnectionAddress,
): Promise<FastifyReply> {
  const message = messageOf(request, hub, null);
  const address = { kind, connection, sender: request.ip };
  const applied = await receiveMessage(hub, doorOf(hub), address, message);
  const { receipt, coming } = applied;
  if (receipt.code === "E_ATTENDEE_UNKNOWN") {
    return reply.code(422).send(refusePerson(coming ?? []));
  }
  if (receipt.booking_id !== null) {
    const source = await hub.connections.find(connection);
    if (source === null) throw new SlotwireError("E_CONNECTION_UNKNOWN");
    const booking = { orgId: source.orgId, bookingId: receipt.booking_id };
    const records = await readCrmRecords(hub, booking);
    return reply.code(200).send(answerOf(records, applied));
  }
  const body = parseBody(message.body);
  const issues: PayloadIssue[] = body.ok
    ? explainPayload(body.value)
    : [{ path: [], message: "Has to be JSON." }];
  if (issues.length > 0) {
    const refused: RefusedBooking = { error: "Invalid payload", details: { issues } };
    return reply.code(400).send(refused);
  }
  const { reason } = receipt;
  const stored: StoredBooking = { success: true, stored: true, ...(reason && { reason }) };
  return reply.code(202).send(stored);
}

/** Whoever proves to be the site may know whose booking its own is. */
function refusePerson(coming: readonly string[]): RefusedBooking {
  const code = "E_ATTENDEE_UNKNOWN";
  const message = `The booking is of ${coming.length === 0 ? "somebody without an address" : coming.join(", ")}.`;
  const issues = [{ code, path: ["email"], message, values: [...coming] }];
  return { error: new SlotwireError(code).message, details: { issues } };
}

const nothing = { lead: null, contact: null, activity: null, tasks: [] };

function answerOf(
  records: Awaited<ReturnType<typeof readCrmRecords>>,
  { isOvertaken, receipt: { action, reason } }: AppliedMessage,
): IncomingBooking {
  const isKnown = action === "duplicate" || action === "unchanged";
  const { lead, contact, activity, tasks } = records ?? nothing;
  const made = { success: true as const, lead, contact, activity, tasks: [...tasks] };
  if (isOvertaken === true) return { ...made, ...(reason !== undefined && { reason }) };
  return isKnown ? { ...made, deduplicated: true } : made;
}

/** Whatever proves nothing is answered alike, also where no secret is set. */
const unauthorised: ReadonlySet<string> = new Set([
  "E_CONNECTION_UNKNOWN",
  "E_NOT_FOUND",
  "E_SIGNATURE",
  "E_SIGNATURE_MISSING",
]);

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = slotwireErrorOf(error);
  const wait = known.details.extra?.["retry_after_seconds"];
  if (typeof wait === "number") reply.header("retry-after", wait);
  const { status, refused } = refusalOf(known, request.id);
  if (status >= 500) {
    const cause = known.cause instanceof Error ? known.cause : known;
    request.log.error({ code: known.code, err: loggableError(cause) }, "failed");
  } else {
    request.log.warn({ code: known.code, kind }, "a message was refused");
  }
  return reply.code(status).type("application/json").send(JSON.stringify(refused));
}

/** An error inside the hub is told by the id that the log has of it, and by nothing else. */
function refusalOf(
  { code, status, message }: SlotwireError,
  id: string,
): { status: number; refused: RefusedBooking } {
  if (unauthorised.has(code)) return { status: 401, refused: { error: "Unauthorized" } };
  if (status < 500) return { status, refused: { error: message } };
  return { status: 500, refused: { error: "Internal server error", message: id } };
}
