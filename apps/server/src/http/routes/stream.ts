import { streamQuerySchema, type StreamQuery } from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Principal } from "../../access/principal.ts";
import type { View } from "../../domain/views/view.ts";
import type { StreamPass } from "../../access/stream-pass.ts";
import { EventFeed } from "../../live/event-feed.ts";
import { EventStream, type StreamTiming, streamTiming } from "../../live/event-stream.ts";
import { OpenStreams } from "../../live/open-streams.ts";
import { readPosition } from "../../live/read-position.ts";
import type { TokenFilter } from "../../live/stream-filter.ts";
import type { App, Hub } from "../app.types.ts";
import { requireView } from "../authorise.ts";
import { streamPermission } from "../stream-permission.ts";

/** What a test may set. */
export interface StreamRouteOptions {
  readonly timing?: StreamTiming;
  /** Milliseconds between looks for events that nobody woke the streams for. */
  readonly pollInterval?: number;
}

/** The event log as server-sent events (HTML Living Standard, 9.2). */
export function streamRoutes(app: App, hub: Hub, options: StreamRouteOptions = {}): void {
  const feed = new EventFeed(hub, options);
  const open = new OpenStreams();
  const stillAllowed = streamPermission(hub);
  const stopListening = hub.wake.on("keys", () => open.recheckAll());
  app.addHook("preClose", async () => {
    stopListening();
    open.endAll();
    feed.close();
  });

  /** Until it has returned, whatever goes wrong is answered with a problem document. */
  const openStream = async (
    request: FastifyRequest<{ Querystring: StreamQuery }>,
    reply: FastifyReply,
    { principal, view }: { readonly principal: Principal; readonly view: View },
  ): Promise<{ stream: EventStream; release: () => void }> => {
    const { after, types, booking_id: bookingId } = request.query;
    const lastEventId = request.headers["last-event-id"]?.toString();
    const position = readPosition(lastEventId, after);
    const { tail, release } = await feed.lease(view.orgId);
    const stream = new EventStream(reply.raw, {
      db: hub.db,
      log: hub.log,
      view,
      tail,
      after: position,
      filter: {
        types: types ?? null,
        bookingId: bookingId ?? null,
        token: tokenFilterOf(request.streamPass),
      },
      stillAllowed: () => stillAllowed(request, principal),
      timing: options.timing ?? streamTiming,
    });
    return { stream, release };
  };

  app.get(
    "/api/v1/stream",
    {
      // Nobody would end the stream that a HEAD request opens.
      exposeHeadRoute: false,
      schema: {
        tags: ["events"],
        summary: "Follow the event log",
        description:
          "Server-sent events. An event is an unnamed message with `id: <seq>`; resume with " +
          "`Last-Event-ID` or `after`. The messages `gap` and `reauth` are about the stream. " +
          "Staff are sent the events of their own bookings; when one becomes somebody else's, its " +
          "ids and states.",
        querystring: streamQuerySchema,
        response: {
          200: {
            description: "The stream",
            content: { "text/event-stream": { schema: z.string() } },
          },
        },
      },
    },
    async (request, reply) => {
      const reader = requireView(request, "events:read");
      const leave = open.admit(reader.principal);
      try {
        const { stream, release } = await openStream(request, reply, reader);
        takeOver(reply, reader.view.orgId);
        void open.run(stream).finally(() => {
          release();
          leave();
        });
      } catch (error) {
        leave();
        throw error;
      }
    },
  );
}

function tokenFilterOf(pass: StreamPass | null): TokenFilter | null {
  return pass === null ? null : { ...pass.filters, userEmails: pass.userEmails };
}

/** Sends the head of the answer; from here on the stream writes to the socket itself. */
function takeOver(reply: FastifyReply, orgId: string): void {
  reply.headers({
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // A stream ends with its connection: nothing could follow on it.
    connection: "close",
    // nginx and those who learned from it collect what they are not told to pass on.
    "x-accel-buffering": "no",
    // A position is one organisation's: a reader that was switched to another must drop it.
    "slotwire-organisation": orgId,
  });
  reply.hijack();
  reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>);
}
