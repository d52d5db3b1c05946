import {
  bookingActionsSchema,
  bookingListQuerySchema,
  bookingSchema,
  cancelBookingSchema,
  changeBookingStatusSchema,
  createBookingSchema,
  listOf,
  pageQuerySchema,
  requestedCommandSchema,
  rescheduleBookingSchema,
  timelineSchema,
} from "@slotwire/contract";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { changeBooking, type ChangeOutcome } from "../../commands/change-booking.ts";
import { commandsInTimeline } from "../../commands/commands-in-timeline.ts";
import { listActions } from "../../commands/list-actions.ts";
import { wishOfStatus, wishOfTimes } from "../../commands/wish.ts";
import { changeBookingStatus } from "../../ledger/change-booking-status.ts";
import { createBooking } from "../../ledger/create-booking.ts";
import { listBookings } from "../../ledger/list-bookings.ts";
import { readBooking } from "../../ledger/read-booking.ts";
import { readTimeline } from "../../ledger/read-timeline.ts";
import { rescheduleBooking } from "../../ledger/reschedule-booking.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf, requireView } from "../authorise.ts";
import { actorOf, bookingCaller, commandCaller, versionTag } from "../booking-caller.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";
import { readBookingFilter } from "../read-booking-filter.ts";
import { withPosition } from "../with-position.ts";

const tags = ["bookings"];
const params = z.object({ id: z.uuid() });
const changed = { 200: bookingSchema };
/** Of a booking that a source owns: the command that asks for it, and the booking as it is. */
const changedOrAsked = { 200: bookingSchema, 202: requestedCommandSchema };
const repeatable = z.looseObject({ "idempotency-key": z.string().min(1).max(255).optional() });
const versionCursorSchema = z.tuple([z.string().regex(/^\d{1,9}$/)]);

const tellsPosition =
  "The header `slotwire-position` is a position of the event log that was read before the answer: what follows it there, merged by `version`, is all that the answer may lack.";

/** Reading bookings, and changing them as a person or a program of the organisation. */
export function bookingsRoutes(app: App, hub: Hub): void {
  addReadingRoutes(app, hub);
  addCreation(app, hub);
  addChanges(app, hub);
}

function addReadingRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/bookings",
    {
      schema: {
        tags,
        summary: "List bookings",
        description: `By their start, earliest first. \`external_id\` finds a booking by any id it ever had, also when it has been deleted. \`on\` is a day in the organisation's time zone, instead of \`from\` and \`to\`. \`location\` is compared in any case of letters; \`provider\` is an address, or the id of the member who it is. ${tellsPosition}`,
        querystring: bookingListQuerySchema,
        response: { 200: listOf(bookingSchema) },
      },
    },
    async (request, reply) => {
      const { view } = requireView(request, "bookings:read");
      const { limit, cursor } = request.query;
      const filter = await readBookingFilter(hub, view, request.query);
      const after = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const { bookings, next } = await withPosition(hub, reply, view.orgId, () =>
        listBookings(hub, view, filter, { limit, after }),
      );
      return { data: bookings, next_cursor: next && encodeCursor(next) };
    },
  );

  app.get(
    "/api/v1/bookings/:id",
    {
      schema: {
        tags,
        summary: "Read a booking",
        description: tellsPosition,
        params,
        response: changed,
      },
    },
    async (request, reply) => {
      const { view } = requireView(request, "bookings:read");
      const booking = await withPosition(hub, reply, view.orgId, () =>
        readBooking(hub, view, request.params.id),
      );
      return reply.header("etag", versionTag(booking)).send(booking);
    },
  );

  app.get(
    "/api/v1/bookings/:id/actions",
    {
      schema: {
        tags,
        summary: "What can be done with a booking now",
        description:
          "By its state, its owner, and who asks. `write_back` says whether the source that owns it can be asked.",
        params,
        response: { 200: bookingActionsSchema },
      },
    },
    (request) => {
      const { view, actor } = bookingCaller(request);
      return listActions(hub, { view, actor }, request.params.id);
    },
  );

  app.get(
    "/api/v1/bookings/:id/timeline",
    {
      schema: {
        tags,
        summary: "Why a booking is as it is",
        description: `Its events, newest first, each with the message that it came from; and what its source was asked for in the time of the page. ${tellsPosition}`,
        params,
        querystring: pageQuerySchema,
        response: { 200: timelineSchema },
      },
    },
    async (request, reply) => {
      const { view } = requireView(request, "bookings:read");
      const { limit, cursor } = request.query;
      const before =
        cursor === undefined ? null : Number(decodeCursor(cursor, versionCursorSchema)[0]);
      const { id } = request.params;
      const { entries, next } = await withPosition(hub, reply, view.orgId, () =>
        readTimeline(hub, view, id, { limit, before }),
      );
      const commands = await commandsInTimeline(hub, view, id, { before, next });
      const next_cursor = next === null ? null : encodeCursor([String(next)]);
      return { data: entries, commands, next_cursor };
    },
  );
}

function addCreation(app: App, hub: Hub): void {
  app.post(
    "/api/v1/bookings",
    {
      schema: {
        tags,
        summary: "Create a booking that the hub owns",
        description:
          "With an `Idempotency-Key`, repeating the request creates nothing and answers the same booking as it is now, with `Idempotent-Replayed: true`.",
        headers: z.object({ "idempotency-key": z.string().min(1).max(255).optional() }),
        body: createBookingSchema,
        response: { 201: bookingSchema },
      },
    },
    async (request, reply) => {
      const { principal, view } = requireView(request, "bookings:write");
      const { booking, replayed } = await createBooking(
        hub,
        {
          view,
          actor: actorOf(principal),
          idempotencyKey: request.headers["idempotency-key"] ?? null,
          origin: originOf(request),
        },
        request.body,
      );
      if (replayed) reply.header("idempotent-replayed", "true");
      return reply
        .code(201)
        .header("location", `/api/v1/bookings/${booking.id}`)
        .header("etag", versionTag(booking))
        .send(booking);
    },
  );
}

function addChanges(app: App, hub: Hub): void {
  const description =
    "With `If-Match`, the change is only made to the version that the ETag names. Of a booking that a source owns, the source is asked: the answer is 202 with the command, and the booking changes when the source has said so. With an `Idempotency-Key`, repeating the request asks for nothing new.";

  app.post(
    "/api/v1/bookings/:id/status",
    {
      schema: {
        tags,
        summary: "Take a booking to another state",
        description,
        params,
        headers: repeatable,
        body: changeBookingStatusSchema,
        response: changedOrAsked,
      },
    },
    async (request, reply) => {
      const caller = commandCaller(request);
      const { id } = request.params;
      const { status, reason = null } = request.body;
      const outcome = await changeBooking(hub, caller, id, {
        wishOf: (booking) => wishOfStatus(booking.status, status),
        reason,
        make: () => changeBookingStatus(hub, caller, id, request.body),
      });
      return answerChange(reply, outcome);
    },
  );

  app.post(
    "/api/v1/bookings/:id/reschedule",
    {
      schema: {
        tags,
        summary: "Move a booking to other times",
        description,
        params,
        headers: repeatable,
        body: rescheduleBookingSchema,
        response: changedOrAsked,
      },
    },
    async (request, reply) => {
      const caller = commandCaller(request);
      const { id } = request.params;
      const outcome = await changeBooking(hub, caller, id, {
        wishOf: (booking) => wishOfTimes(booking, request.body),
        reason: request.body.reason ?? null,
        make: () => rescheduleBooking(hub, caller, id, request.body),
      });
      return answerChange(reply, outcome);
    },
  );

  app.post(
    "/api/v1/bookings/:id/cancel",
    {
      schema: {
        tags,
        summary: "Cancel a booking",
        description,
        params,
        headers: repeatable,
        body: cancelBookingSchema,
        response: changedOrAsked,
      },
    },
    async (request, reply) => {
      const caller = commandCaller(request);
      const { id } = request.params;
      const change = { ...request.body, status: "cancelled" as const };
      const outcome = await changeBooking(hub, caller, id, {
        wishOf: (booking) => wishOfStatus(booking.status, "cancelled"),
        reason: request.body.reason ?? null,
        make: () => changeBookingStatus(hub, caller, id, change),
      });
      return answerChange(reply, outcome);
    },
  );
}

function answerChange(reply: FastifyReply, outcome: ChangeOutcome): FastifyReply {
  const { booking } = outcome;
  reply.header("etag", versionTag(booking));
  if (outcome.kind === "made") return reply.code(200).send(booking);
  const { command, replayed } = outcome;
  if (replayed) reply.header("idempotent-replayed", "true");
  return reply
    .code(202)
    .header("location", `/api/v1/commands/${command.id}`)
    .send({ ...command, booking });
}
