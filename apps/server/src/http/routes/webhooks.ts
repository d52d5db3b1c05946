import { webhookReceiptSchema } from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SlotwireError } from "../../errors.ts";
import type { ConnectionAddress } from "../../inbox/connections/connection-directory.ts";
import { receiveMessage } from "../../inbox/receive-message.ts";
import type { App, Hub } from "../app.types.ts";
import { doorOf } from "../door-of.ts";
import { messageOf, takeRawBodies } from "../raw-bodies.ts";
import { requireKnownPeople } from "../require-known-people.ts";

const tags = ["webhooks"];
const response = { 200: webhookReceiptSchema, 202: webhookReceiptSchema };
const description =
  "Answered once all of it is stored: 200 when it was understood, 202 when it was kept and is processed later. 401 when it does not prove itself in one of the connection's ways, 403 when it comes from an address that is not allowed, 409 while the connection is paused, 429 when there are too many.";
const connectionId = z.uuid();
const parts = {
  kind: z.string().max(50),
  connection: z.string().max(100),
  token: z.string().max(200),
};
/** A token in the query, for sources that cannot have it in the path. Others' parameters stay. */
const querystring = z.object({ token: parts.token.optional() });

/** Where sources post their messages. They prove themselves in their own ways, not by API keys. */
export function webhooksRoutes(app: App, hub: Hub): void {
  takeRawBodies(app);
  const door = doorOf(hub);

  const receive = async (
    request: FastifyRequest,
    reply: FastifyReply,
    to: { readonly kind: string; readonly connection: ConnectionAddress },
    urlToken: string | undefined,
  ): Promise<FastifyReply> => {
    const message = messageOf(request, hub, urlToken ?? null);
    try {
      const address = { ...to, sender: request.ip };
      const applied = await receiveMessage(hub, door, address, message);
      const { isUnderstood, receipt } = applied;
      requireKnownPeople(applied);
      return await reply.code(isUnderstood ? 200 : 202).send(receipt);
    } catch (error) {
      logRefusal(request, error, to.kind, message.body.length);
      throw error;
    }
  };

  for (const rest of ["", "/:connection", "/:connection/:token"]) {
    app.get(
      `/api/webhooks/:kind${rest}`,
      { schema: { hide: true, params: z.object(parts).pick({ kind: true }) } },
      (request, reply) => refuseVisit(hub, request.params.kind, reply),
    );
  }

  app.post(
    "/api/webhooks/:kind",
    {
      schema: {
        tags,
        security: [],
        summary: "A message of the default organisation's source of this kind",
        description,
        params: z.object(parts).pick({ kind: true }),
        querystring,
        response,
      },
    },
    async (request, reply) => {
      const address = { orgId: hub.defaultOrgId, kind: request.params.kind };
      const to = { kind: request.params.kind, connection: address };
      return receive(request, reply, to, request.query.token);
    },
  );

  app.post(
    "/api/webhooks/:kind/:connection",
    {
      schema: {
        tags,
        security: [],
        summary: "A message that comes through one connection",
        description,
        params: z.object(parts).omit({ token: true }),
        querystring,
        response,
      },
    },
    async (request, reply) =>
      receive(request, reply, addressOf(request.params), request.query.token),
  );

  app.post(
    "/api/webhooks/:kind/:connection/:token",
    {
      schema: {
        tags,
        security: [],
        summary: "A message whose address carries the connection's token",
        description,
        params: z.object(parts),
        response,
      },
    },
    async (request, reply) =>
      receive(request, reply, addressOf(request.params), request.params.token),
  );
}

/**
 * Answers who opens the address in a browser, most likely to see whether it is right. Whether there
 * is such a connection is not said: whoever asks has proven nothing.
 * @throws SlotwireError E_METHOD; E_CONNECTION_UNKNOWN when the hub knows no such kind of source
 */
function refuseVisit({ connectors }: Hub, kind: string, reply: FastifyReply): never {
  const connector = connectors.get(kind);
  if (connector === undefined) throw new SlotwireError("E_CONNECTION_UNKNOWN");
  reply.header("allow", "POST");
  throw new SlotwireError("E_METHOD", {
    detail: `This is where ${connector.label} posts its messages. There is nothing to see.`,
    remedy: "Paste this address at the source. What arrives is in the inbox of the dashboard.",
  });
}

/** @throws SlotwireError E_CONNECTION_UNKNOWN when it is the id of nothing */
function addressOf(params: { readonly kind: string; readonly connection: string }): {
  kind: string;
  connection: ConnectionAddress;
} {
  const id = connectionId.safeParse(params.connection);
  if (!id.success) throw new SlotwireError("E_CONNECTION_UNKNOWN");
  return { kind: params.kind, connection: { id: id.data } };
}

const refusals: ReadonlySet<number> = new Set([401, 403, 409, 429]);

function logRefusal(request: FastifyRequest, error: unknown, kind: string, bytes: number): void {
  if (!(error instanceof SlotwireError) || !refusals.has(error.status)) return;
  request.log.warn({ code: error.code, kind, bytes }, "a message was refused");
}
