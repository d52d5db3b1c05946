import { isDeepStrictEqual } from "node:util";
import { streamPageSchema, type StreamQuery, streamQuerySchema } from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Principal } from "../../access/principal.ts";
import { endOf } from "../../access/stream-claims.ts";
import { burnStreamTicket } from "../../access/stream-ticket.ts";
import type { View } from "../../domain/views/view.ts";
import { EventFeed } from "../../live/event-feed.ts";
import { EventStream, type StreamTiming, streamTiming } from "../../live/event-stream.ts";
import { findStart, type LogStart } from "../../live/find-start.ts";
import type { LogReading } from "../../live/log-reading.ts";
import { OpenStreams, type StreamHolder } from "../../live/open-streams.ts";
import { readFilter, shownPeople } from "../../live/read-filter.ts";
import { readPosition } from "../../live/read-position.ts";
import { pageJson, StreamPage } from "../../live/stream-page.ts";
import { acceptsPage } from "../accepts-page.ts";
import type { App, Hub } from "../app.types.ts";
import { requireView } from "../authorise.ts";
import { StreamOpenings } from "../stream-openings.ts";
import { streamPermission } from "../stream-permission.ts";

/** What a test may set. */
export interface StreamRouteOptions {
  readonly timing?: StreamTiming;
  /** Milliseconds between looks for events that nobody woke the streams for. */
  readonly pollInterval?: number;
}

type StreamRequest = FastifyRequest<{ Querystring: StreamQuery }>;

/** Who asks, and what they are shown. */
interface Asker {
  readonly principal: Principal;
  readonly view: View;
}

/** What a stream and a page have in common. */
interface Opened {
  readonly principal: Principal;
  readonly reading: LogReading;
  readonly start: LogStart;
  /** Whether the reader would still be shown the same. */
  readonly stillAllowed: () => Promise<boolean>;
  /** Gives back what it holds; once more does nothing. */
  readonly close: () => void;
}

const description = `
Server-sent events. An event is an unnamed message with \`id: <seq>\`; resume with \`Last-Event-ID\` or
\`after\`, of which the header wins. The messages \`gap\` and \`reauth\` are about the stream. Without a
position it begins now, or with the newest \`recent\` events that pass the filters; beside a position
\`recent\` counts for nothing. An event has to pass all filters; it passes one
by what the booking is after it, or was before it.

With \`Accept: application/json\` it is a page instead, of what a stream would have sent by now; with
\`wait\` it is answered when there is something to tell, or after so many seconds.

Staff are sent the events of their own bookings; when one becomes somebody else's, its ids and states.
`.trim();

/** The event log as server-sent events (HTML Living Standard, 9.2), and as pages of the same. */
export function streamRoutes(app: App, hub: Hub, options: StreamRouteOptions = {}): void {
  const { log } = hub;
  const feed = new EventFeed(hub, options);
  const open = new OpenStreams();
  const openings = new StreamOpenings(hub.clock);
  const isAllowed = streamPermission(hub);
  const stopListening = hub.wake.on("keys", () => open.recheckAll());
  app.addHook("preClose", async () => {
    stopListening();
    open.endAll();
    feed.close();
  });

  const prepare = async (
    request: StreamRequest,
    { principal, view }: Asker,
    close: (() => void)[],
  ): Promise<Omit<Opened, "principal" | "close">> => {
    const { query, streamPass: pass } = request;
    const named = readPosition(request.headers["last-event-id"]?.toString(), query.after);
    const asker = { view, userId: personOf(request, principal), pass };
    const filter = await readFilter(hub, asker, query);
    const stillAllowed = async (): Promise<boolean> =>
      (await isAllowed(request, principal)) &&
      isDeepStrictEqual(await readFilter(hub, asker, query), filter);
    const { tail, release } = await feed.lease(view.orgId);
    close.push(release);
    const reading = { db: hub.db, view, tail, filter };
    return { reading, start: await findStart(reading, named, query.recent ?? 0), stillAllowed };
  };

  /** Until it has returned, whatever goes wrong is answered with a problem document. */
  const openReader = async (request: StreamRequest): Promise<Opened> => {
    const asker = requireView(request, "events:read");
    const { principal } = asker;
    const holders = holdersOf(request, principal);
    const held = [open.admit(...(staysOpen(request) ? holders : []))];
    const close = (): void => held.forEach((giveBack) => giveBack());
    try {
      if (!acceptsPage(request.headers.accept)) openings.take(...holders);
      const prepared = await prepare(request, asker, held);
      const { ticket } = request.query;
      if (ticket !== undefined) await burnStreamTicket(hub, ticket);
      return { ...prepared, principal, close };
    } catch (error) {
      close();
      throw error;
    }
  };

  const answerPage = async (
    request: StreamRequest,
    reply: FastifyReply,
    opened: Opened,
  ): Promise<FastifyReply> => {
    const { view, filter } = opened.reading;
    const page = new StreamPage({ log, ...opened, wait: (request.query.wait ?? 0) * 1000 });
    reply.raw.once("close", () => page.end());
    // It may have gone before anybody listened.
    if (reply.raw.destroyed) page.end();
    const found = await open.run(page, request.identifiedAt);
    const people = shownPeople(view, filter, request.query);
    return reply
      .headers({ "cache-control": "no-store", ...whoseHeaders(request, opened) })
      .type("application/json; charset=utf-8")
      .send(pageJson(found, people));
  };

  app.get(
    "/api/v1/stream",
    {
      // Nobody would end the stream that a HEAD request opens.
      exposeHeadRoute: false,
      schema: {
        tags: ["events"],
        summary: "Follow the event log",
        description,
        querystring: streamQuerySchema,
        response: {
          200: {
            description: "The stream, or a page of it",
            content: {
              "text/event-stream": { schema: z.string() },
              "application/json": { schema: streamPageSchema },
            },
          },
        },
      },
    },
    async (request, reply) => {
      const opened = await openReader(request);
      try {
        if (!acceptsPage(request.headers.accept)) {
          takeOver(reply, whoseHeaders(request, opened));
          const timing = options.timing ?? streamTiming;
          const stream = new EventStream(reply.raw, { log, ...opened, timing });
          const stopTimer = recheckAtEnd(hub, request, stream);
          void open.run(stream, request.identifiedAt).finally(() => {
            stopTimer();
            opened.close();
          });
          return;
        }
        await answerPage(request, reply, opened);
        opened.close();
      } catch (error) {
        opened.close();
        throw error;
      }
    },
  );
}

/** A timer may be early by that much. Milliseconds. */
const EARLY = 20;

/**
 * Has a stream end with the token or ticket that opened it, and not only at the next heartbeat.
 * @returns ends the waiting
 */
function recheckAtEnd(
  { clock }: Hub,
  { streamPass: pass }: FastifyRequest,
  stream: EventStream,
): () => void {
  if (pass === null) return () => {};
  const left = endOf(pass.claims).getTime() - clock.now().getTime();
  const timer = setTimeout(() => stream.recheck(), left + EARLY);
  return () => clearTimeout(timer);
}

/** Whether a reader holds a place: a stream does, and a page that waits. */
function staysOpen({ headers, query }: StreamRequest): boolean {
  return !acceptsPage(headers.accept) || (query.wait ?? 0) > 0;
}

/** Whose streams it counts among: a token's also among those of the person or key that it speaks for. */
function holdersOf(
  { streamPass: pass }: FastifyRequest,
  principal: Principal,
): readonly StreamHolder[] {
  if (pass === null) return [principal];
  const [kind = "", id = ""] = pass.claims.sub.split(":");
  return [principal, { kind: kind === "user" ? "user" : "api_key", id }];
}

/** Whose `me` is: the person's who asks, or who made the token; null when it was a key. */
function personOf({ streamPass: pass }: FastifyRequest, { kind, id }: Principal): string | null {
  if (pass === null) return kind === "user" ? id : null;
  const { sub } = pass.claims;
  return sub.startsWith("user:") ? sub.slice("user:".length) : null;
}

/**
 * Whose log it is, and as whom it is read, with what rights. A position is one organisation's, and what
 * one identity is shown is not for the next: a reader that goes on as another must drop both.
 */
function whoseHeaders(
  { streamPass }: FastifyRequest,
  { principal, reading }: Pick<Opened, "principal" | "reading">,
): Readonly<Record<string, string>> {
  const { orgId, detail, own } = reading.view;
  const who = streamPass?.claims.sub ?? `${principal.kind}:${principal.id}`;
  // Who may see less than before is another reader, too.
  const sight = [principal.role, detail, own && encodeURIComponent(own.providerEmail ?? "")];
  const reader = [who, ...sight].filter((part) => part !== null).join(" ");
  return { "slotwire-organisation": orgId, "slotwire-reader": reader };
}

/** Sends the head of the answer; from here on the stream writes to the socket itself. */
function takeOver(reply: FastifyReply, whose: Readonly<Record<string, string>>): void {
  reply.headers({
    "content-type": "text/event-stream; charset=utf-8",
    // To compress it, a proxy would have to collect it first.
    "cache-control": "no-store, no-transform",
    // A stream ends with its connection: nothing could follow on it.
    connection: "close",
    // nginx and those who learned from it collect what they are not told to pass on.
    "x-accel-buffering": "no",
    ...whose,
  });
  reply.hijack();
  reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>);
}
