import {
  type BookingEventReceipt,
  bookingEventReceiptSchema,
  bookingEventsHealthSchema,
  type NotifiedBookingStatus,
  notifiedBookingStatusSchema,
  notifyBookingStatusSchema,
  refusedFunctionSchema,
} from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { grantOf } from "../../access/can.ts";
import { readTold } from "../../connectors/supabase/told.ts";
import { loggableError } from "../../db/loggable-error.ts";
import { deliveriesOfEvent } from "../../destinations/deliveries-of-event.ts";
import { listDestinations } from "../../destinations/list-destinations.ts";
import { isRecord } from "../../domain/is-record.ts";
import { SlotwireError } from "../../errors.ts";
import { type Admission, admitMessage } from "../../inbox/admit-message.ts";
import { listConnections } from "../../inbox/connections/list-connections.ts";
import type { IncomingMessage } from "../../inbox/connections/check-proof.ts";
import { parseBody } from "../../inbox/parse-body.ts";
import { connectorOf, takeMessage } from "../../inbox/receive-message.ts";
import { findToldBooking, findToldEvent } from "../../ledger/find-told-event.ts";
import type { App, Hub } from "../app.types.ts";
import { doorOf } from "../door-of.ts";
import { principalFinder } from "../identify.ts";
import { slotwireErrorOf } from "../problem.ts";
import { requireSameOrigin } from "../same-origin.ts";
import { requireKnownPeople } from "../require-known-people.ts";
import { messageOf, takeRawBodies } from "../raw-bodies.ts";

/** The kind of source that posts here. */
const kind = "supabase";
/** The profile that tells an external calendar of changed states. */
const CALENDAR = "external_calendar";

const tags = ["webhooks"];
const refusals = {
  400: refusedFunctionSchema,
  401: refusedFunctionSchema,
  403: refusedFunctionSchema,
  404: refusedFunctionSchema,
  409: refusedFunctionSchema,
  422: refusedFunctionSchema,
  500: refusedFunctionSchema,
};

/**
 * The addresses of an app that called functions of its own beside its database. The hub's events
 * leave by themselves, in the transaction of the change: whoever tells of one of those is told who
 * hears of it, and nothing is sent twice.
 */
export function seedFunctionsRoutes(app: App, hub: Hub): void {
  takeRawBodies(app);
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply));
  const receipts = { 200: bookingEventReceiptSchema, 202: bookingEventReceiptSchema, ...refusals };
  const description =
    "By the secret of the connection, as a bearer token. An event of a booking of the hub's own changes nothing: the answer says who hears of it. Any other is kept as a message and becomes a change of its booking, which goes to every destination.";

  for (const [path, summary] of [
    ["/api/webhooks/booking-events", "An event of an app's own booking tables"],
    ["/functions/v1/booking-event-webhook", "The same, at the address of the app's function"],
  ] as const) {
    app.post(
      path,
      { schema: { tags, security: [], summary, description, response: receipts } },
      async (request, reply) => {
        const { isUnderstood, receipt } = await receiveEvent(hub, request);
        return reply.code(isUnderstood ? 200 : 202).send(receipt);
      },
    );
  }

  app.get(
    "/api/webhooks/booking-events",
    {
      schema: {
        tags,
        security: [],
        summary: "Whether events of an app can be received and passed on",
        description: "What is set, and how long ago the last message came; nothing else.",
        response: { 200: bookingEventsHealthSchema },
      },
    },
    () => readHealth(hub),
  );

  const findPrincipal = principalFinder(hub);
  app.post(
    "/functions/v1/notify-booking-status",
    {
      schema: {
        tags,
        security: [{ apiKey: [] }],
        summary: "Say that a booking's state changed, and be told who hears of it",
        description:
          "The change itself tells the external calendar, in its own transaction: this answers with that delivery and sends nothing. 409 when the booking never took that step. By an API key with `notify:write`, or the secret of the app's connection as a bearer token.",
        response: { 200: notifiedBookingStatusSchema, ...refusals },
      },
    },
    async (request) => {
      const message = messageOf(request, hub, null);
      const principal = await findPrincipal(request);
      if (principal === null) {
        return notify(hub, await organisationBySecret(hub, request, message), bodyOf(message));
      }
      if (request.headers.authorization === undefined) {
        requireSameOrigin(request, hub.config.publicUrl);
      }
      if (grantOf(principal, "notifications:send") !== "all") {
        throw new SlotwireError("E_FORBIDDEN", {
          detail: "The key's scopes do not include notify:write.",
        });
      }
      return notify(hub, principal.orgId, bodyOf(message));
    },
  );
}

async function receiveEvent(
  hub: Hub,
  request: FastifyRequest,
): Promise<{ isUnderstood: boolean; receipt: BookingEventReceipt }> {
  const message = messageOf(request, hub, null);
  const admission = await admitted(hub, request, message);
  const { orgId } = admission.connection;
  const own = await ownBooking(hub, orgId, message);
  if (own !== null) return { isUnderstood: true, receipt: own };
  const applied = await takeMessage(hub, admission, message);
  requireKnownPeople(applied);
  const { isUnderstood, receipt } = applied;
  const { booking_id: bookingId } = receipt;
  const deliveries = bookingId === null ? [] : await latestDeliveries(hub, orgId, bookingId);
  return { isUnderstood, receipt: { ...receipt, deliveries } };
}

async function admitted(
  hub: Hub,
  request: FastifyRequest,
  message: IncomingMessage,
): Promise<Admission> {
  if (!hub.connectors.has(kind)) throw new SlotwireError("E_CONNECTION_UNKNOWN");
  const address = { kind, connection: { orgId: hub.defaultOrgId, kind }, sender: request.ip };
  return admitMessage(hub, doorOf(hub), connectorOf(hub, kind), address, message);
}

/** Whoever proves nothing here is told to sign in: keys are this address's usual way. */
async function organisationBySecret(
  hub: Hub,
  request: FastifyRequest,
  message: IncomingMessage,
): Promise<string> {
  try {
    return (await admitted(hub, request, message)).connection.orgId;
  } catch (error) {
    const isUnproven = error instanceof SlotwireError && unproven.has(error.code);
    throw isUnproven ? new SlotwireError("E_UNAUTHENTICATED", { cause: error }) : error;
  }
}

const unproven: ReadonlySet<string> = new Set([
  "E_CONNECTION_UNKNOWN",
  "E_SIGNATURE",
  "E_SIGNATURE_MISSING",
]);

/** The answer to an event of a booking that the hub itself has under this id; null for another. */
async function ownBooking(
  hub: Hub,
  orgId: string,
  message: IncomingMessage,
): Promise<BookingEventReceipt | null> {
  const body = parseBody(message.body);
  const told = body.ok && isRecord(body.value) ? readTold(body.value) : null;
  const id = told?.event["booking_id"] ?? told?.booking["id"];
  if (typeof id !== "string") return null;
  const booking = await findToldBooking(hub, orgId, id);
  if (booking === null || booking.bookingId !== id.toLowerCase()) return null;
  return {
    success: true,
    action: "unchanged",
    booking_id: booking.bookingId,
    message_id: null,
    deliveries: await latestDeliveries(hub, orgId, booking.bookingId),
    reason: "the hub told of this booking's events itself",
  };
}

async function latestDeliveries(
  hub: Hub,
  orgId: string,
  bookingId: string,
): Promise<BookingEventReceipt["deliveries"]> {
  const eventId = await findToldEvent(hub, orgId, bookingId, null);
  return eventId === null ? [] : deliveriesOfEvent(hub, orgId, eventId);
}

/** @throws SlotwireError E_JSON, E_VALIDATION */
function bodyOf({ body }: IncomingMessage): z.output<typeof notifyBookingStatusSchema> {
  const parsed = parseBody(body);
  if (!parsed.ok) throw new SlotwireError("E_JSON", { detail: parsed.reason });
  const read = notifyBookingStatusSchema.safeParse(parsed.value);
  if (read.success) return read.data;
  const errors = read.error.issues.map(({ path, message }) => ({
    path: ["body", ...path].join("."),
    message,
  }));
  throw new SlotwireError("E_VALIDATION", { errors });
}

/** @throws SlotwireError E_NOT_FOUND, E_CONFLICT when the booking never took that step */
async function notify(
  hub: Hub,
  orgId: string,
  { booking_id: id, old_status: from, new_status: to }: z.output<typeof notifyBookingStatusSchema>,
): Promise<NotifiedBookingStatus> {
  const booking = await findToldBooking(hub, orgId, id);
  if (booking === null) throw new SlotwireError("E_NOT_FOUND", { detail: "No such booking." });
  const eventId = await findToldEvent(hub, orgId, booking.bookingId, { from, to });
  if (eventId === null) {
    throw new SlotwireError("E_CONFLICT", {
      detail: `The booking never went from ${from} to ${to}; it is ${booking.status}.`,
      extra: { current_status: booking.status },
    });
  }
  const all = await deliveriesOfEvent(hub, orgId, eventId);
  const calendar = all.find(({ profile }) => profile === CALENDAR);
  const deliveries = all.map(({ profile: _unsaid, ...delivery }) => delivery);
  if (calendar === undefined) {
    const warning = "No external calendar hears of this change: see its destination.";
    return { success: false, delivery_id: null, delivery_status: null, deliveries, warning };
  }
  const isLost = calendar.status === "exhausted" || calendar.status === "cancelled";
  return {
    success: !isLost,
    delivery_id: calendar.id,
    delivery_status: calendar.status,
    deliveries,
    ...(isLost ? { warning: "It could not be delivered: see its attempts." } : {}),
  };
}

async function readHealth(hub: Hub): Promise<z.input<typeof bookingEventsHealthSchema>> {
  const [connections, destinations] = await Promise.all([
    listConnections(hub, hub.defaultOrgId),
    listDestinations(hub, hub.defaultOrgId, { limit: 100, before: null }),
  ]);
  const source = connections.find((connection) => connection.kind === kind);
  const last = source?.last_message_at ?? null;
  const age = last === null ? null : hub.clock.now().getTime() - Date.parse(last);
  return {
    status: "ok",
    configured: {
      make_webhook: destinations.rows.some(
        ({ profile, status }) => profile === "make" && status === "active",
      ),
      supabase_webhook_secret: source?.has_secret ?? false,
    },
    last_message_age_seconds: age === null ? null : Math.max(0, Math.round(age / 1000)),
  };
}

/** Functions answer `{ success, error }`, not problem documents: their callers look for that. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = slotwireErrorOf(error);
  const { code, status, details } = known;
  const wait = details.extra?.["retry_after_seconds"];
  if (typeof wait === "number") reply.header("retry-after", wait);
  if (status >= 500) {
    const cause = known.cause instanceof Error ? known.cause : known;
    request.log.error({ code, err: loggableError(cause) }, "failed");
  } else {
    request.log.warn({ code, kind }, "a message was refused");
  }
  // A door without a secret is closed like one whose secret was wrong.
  const isShut = code === "E_CONNECTION_UNKNOWN";
  const words = details.errors?.map(({ path, message }) => `${path}: ${message}`).join(" ");
  const text =
    status >= 500 ? `Internal error ${request.id}` : (details.detail ?? words ?? known.message);
  const refused = {
    success: false,
    error: isShut ? "Unauthorized: no secret is set for this address." : text,
    code: isShut ? "E_SIGNATURE" : code,
    ...(details.extra?.["current_status"] === undefined
      ? {}
      : { current_status: details.extra["current_status"] }),
  };
  return reply
    .code(isShut ? 401 : status)
    .type("application/json")
    .send(JSON.stringify(refused));
}
