import {
  bookingSchema,
  linkBookingSchema,
  listOf,
  pageQuerySchema,
  unlinkedBookingSchema,
  unlinkedCountSchema,
} from "@slotwire/contract";
import { z } from "zod";
import { can } from "../../access/can.ts";
import { auditActor } from "../../access/record-audit.ts";
import { viewOf } from "../../access/view-of.ts";
import { countUnlinked } from "../../customers/count-unlinked.ts";
import { dismissLink } from "../../customers/dismiss-link.ts";
import { linkBooking, unlinkBooking } from "../../customers/link-booking.ts";
import { listUnlinked } from "../../customers/list-unlinked.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf, requireView } from "../authorise.ts";
import { bookingCaller, versionTag } from "../booking-caller.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";

const tags = ["bookings"];
const params = z.object({ id: z.uuid() });
const linked = { 200: bookingSchema };
const description = "With `If-Match`, the change is only made to the version that the ETag names.";

/** Whose bookings are: those that nobody knows of, and links that people make. */
export function bookingLinksRoutes(app: App, hub: Hub): void {
  addLists(app, hub);
  addLinks(app, hub);
  addDismissal(app, hub);
}

function addLists(app: App, hub: Hub): void {
  app.get(
    "/api/v1/bookings/unlinked",
    {
      schema: {
        tags,
        summary: "List bookings that are not linked",
        description:
          "The latest first, from 90 days ago on: of no customer, or of one who has pets or the like without saying which. Each with customers who share an address, a number or a name with it.",
        querystring: pageQuerySchema,
        response: { 200: listOf(unlinkedBookingSchema) },
      },
    },
    async (request) => {
      const { principal, view } = requireView(request, "bookings:read");
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const seen = can(principal, "customers:read") ? viewOf(principal, "customers:read") : null;
      const { bookings, next } = await listUnlinked(hub, view, seen, { limit, after });
      return { data: bookings, next_cursor: next && encodeCursor(next) };
    },
  );

  app.get(
    "/api/v1/bookings/unlinked/count",
    {
      schema: {
        tags,
        summary: "Count bookings that are not linked",
        response: { 200: unlinkedCountSchema },
      },
    },
    async (request) => countUnlinked(hub, requireView(request, "bookings:read").view),
  );
}

function addLinks(app: App, hub: Hub): void {
  app.post(
    "/api/v1/bookings/:id/link",
    {
      schema: {
        tags,
        summary: "Link a booking to its customer",
        description: `To a customer that is known and what of theirs it is about, or to one that is made with it. Messages of sources leave the link alone from then on. ${description}`,
        params,
        body: linkBookingSchema,
        response: linked,
      },
    },
    async (request, reply) => {
      const caller = bookingCaller(request);
      const booking = await linkBooking(hub, caller, request.params.id, request.body);
      return reply.header("etag", versionTag(booking)).send(booking);
    },
  );

  app.delete(
    "/api/v1/bookings/:id/link",
    {
      schema: {
        tags,
        summary: "Take a booking's link away",
        description: `Messages of sources do not make it again. ${description}`,
        params,
        response: linked,
      },
    },
    async (request, reply) => {
      const booking = await unlinkBooking(hub, bookingCaller(request), request.params.id);
      return reply.header("etag", versionTag(booking)).send(booking);
    },
  );
}

function addDismissal(app: App, hub: Hub): void {
  for (const method of ["POST", "DELETE"] as const) {
    const isDismissed = method === "POST";
    app.route({
      method,
      url: "/api/v1/bookings/:id/dismiss-link",
      schema: {
        tags,
        summary: isDismissed
          ? "Leave a booking without a link"
          : "Put a booking back among the unlinked",
        description: `Whether the list of unlinked bookings shows it; the booking stays as it is. ${description}`,
        params,
        response: linked,
      },
      handler: async (request, reply) => {
        const caller = bookingCaller(request);
        const { principal } = requireView(request, "bookings:write");
        const author = {
          orgId: principal.orgId,
          actor: auditActor(principal),
          origin: originOf(request),
        };
        const { id } = request.params;
        const booking = await dismissLink(hub, caller, author, id, isDismissed);
        return reply.header("etag", versionTag(booking)).send(booking);
      },
    });
  }
}
