import {
  createdFeedSchema,
  createFeedSchema,
  feedListQuerySchema,
  feedSchema,
  listOf,
} from "@slotwire/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { auditActor } from "../../access/record-audit.ts";
import { SlotwireError } from "../../errors.ts";
import { createFeed } from "../../feeds/create-feed.ts";
import { deleteFeed } from "../../feeds/delete-feed.ts";
import type { FeedCaller } from "../../feeds/feed-caller.ts";
import { findFeed } from "../../feeds/find-feed.ts";
import { listFeeds } from "../../feeds/list-feeds.ts";
import { readFeed } from "../../feeds/read-feed.ts";
import type { App, Hub } from "../app.types.ts";
import { AttemptLimit, requireAttempt } from "../attempt-limit.ts";
import { originOf, requireGrant } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const tags = ["feeds"];
const idCursorSchema = z.tuple([z.uuid()]);

/** Per address that asks for a feed: readers ask a few times an hour, whoever guesses does not. */
const reading = { burst: 60, interval: 1_000 };

/** Calendars at addresses of their own, and who makes them. */
export function feedsRoutes(app: App, hub: Hub): void {
  const limit = new AttemptLimit(hub.clock, reading);

  app.get(
    "/feeds/:file",
    {
      schema: {
        tags,
        security: [],
        summary: "Read a calendar feed",
        description:
          "iCalendar (RFC 5545), for programs that subscribe to calendars. The address is the permission. With `If-None-Match` 304 when nothing has changed.",
        params: z.object({ file: z.string().max(200) }),
        produces: ["text/calendar"],
        response: { 200: z.string(), 304: z.null().describe("Nothing has changed.") },
      },
    },
    async (request, reply) => {
      requireAttempt(limit, request.ip);
      const [, token] = /^(.+)\.ics$/.exec(request.params.file) ?? [];
      const feed = token === undefined ? null : await findFeed(hub, token);
      if (feed === null) throw new SlotwireError("E_NOT_FOUND");
      const known = request.headers["if-none-match"] ?? null;
      const { tag, calendar } = await readFeed(hub, feed, known);
      reply
        .header("etag", tag)
        .header("cache-control", "private, max-age=300")
        .header("x-robots-tag", "noindex, nofollow");
      if (calendar === null) return reply.code(304).send(null);
      return reply
        .type("text/calendar; charset=utf-8")
        .header("content-disposition", 'inline; filename="bookings.ics"')
        .serializer((text: string) => text)
        .send(calendar);
    },
  );

  app.get(
    "/api/v1/feeds",
    {
      schema: {
        tags,
        summary: "List calendar feeds",
        description: "The newest first; staff see their own.",
        querystring: feedListQuerySchema,
        response: { 200: listOf(feedSchema) },
      },
    },
    async (request) => {
      const caller = feedCaller(request);
      const { limit: most, cursor } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { feeds, next } = await listFeeds(hub, caller, { limit: most, before });
      return { data: feeds, next_cursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.post(
    "/api/v1/feeds",
    {
      schema: {
        tags,
        summary: "Make a calendar feed",
        description:
          "The answer is the only one that shows its address. Whoever has that reads the feed, without signing in. Staff make feeds of their own bookings, which end with their membership; a feed that a key makes ends with the key.",
        body: createFeedSchema,
        response: { 201: createdFeedSchema },
      },
    },
    async (request, reply) => {
      const caller = feedCaller(request);
      const made = await createFeed(hub, caller, request.body, hub.config.publicUrl);
      return reply.code(201).send(made);
    },
  );

  app.delete(
    "/api/v1/feeds/:id",
    {
      schema: {
        tags,
        summary: "End a calendar feed",
        description: "Its address shows nothing any more, at once.",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null().describe("It is over.") },
      },
    },
    async (request, reply) => {
      await deleteFeed(hub, feedCaller(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function feedCaller(request: FastifyRequest): FeedCaller {
  const { principal, grant } = requireGrant(request, "feeds:manage");
  const author = {
    orgId: principal.orgId,
    actor: auditActor(principal),
    origin: originOf(request),
  };
  if (grant === "all") return { principal, author, ownedBy: null };
  if (principal.kind !== "user") throw new SlotwireError("E_FORBIDDEN");
  return { principal, author, ownedBy: principal.id };
}
