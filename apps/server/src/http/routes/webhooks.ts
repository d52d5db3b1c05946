import { webhookReceiptSchema } from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SlotwireError } from "../../errors.ts";
import {
  ConnectionDirectory,
  type ConnectionAddress,
} from "../../inbox/connections/connection-directory.ts";
import { receiveMessage } from "../../inbox/receive-message.ts";
import type { App, Hub } from "../app.types.ts";

const tags = ["webhooks"];
const response = { 200: webhookReceiptSchema, 202: webhookReceiptSchema };
const description =
  "Answered once all of it is stored: 200 when it was understood, 202 when it was kept and is processed later. 401 when the signature is not the connection's.";
const connectionId = z.uuid();

/** Where sources post their messages. They prove themselves by their signatures, not by keys. */
export function webhooksRoutes(app: App, hub: Hub): void {
  takeRawBodies(app);
  const directory = new ConnectionDirectory(hub);

  const receive = async (
    request: FastifyRequest,
    reply: FastifyReply,
    kind: string,
    connection: ConnectionAddress,
  ): Promise<FastifyReply> => {
    const raw = {
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
      headers: singleHeaders(request),
      receivedAt: hub.clock.now(),
    };
    try {
      const { isUnderstood, receipt } = await receiveMessage(
        hub,
        directory,
        { kind, connection },
        raw,
      );
      return await reply.code(isUnderstood ? 200 : 202).send(receipt);
    } catch (error) {
      logRefusal(request, error, kind, raw.body.length);
      throw error;
    }
  };

  app.post(
    "/api/webhooks/:kind",
    {
      schema: {
        tags,
        security: [],
        summary: "A message of the default organisation's source of this kind",
        description,
        params: z.object({ kind: z.string().max(50) }),
        response,
      },
    },
    async (request, reply) =>
      receive(request, reply, request.params.kind, {
        orgId: hub.defaultOrgId,
        kind: request.params.kind,
      }),
  );

  app.post(
    "/api/webhooks/:kind/:connection",
    {
      schema: {
        tags,
        security: [],
        summary: "A message that comes through one connection",
        description,
        params: z.object({ kind: z.string().max(50), connection: z.string().max(100) }),
        response,
      },
    },
    async (request, reply) => {
      const id = connectionId.safeParse(request.params.connection);
      if (!id.success) throw new SlotwireError("E_CONNECTION_UNKNOWN");
      return receive(request, reply, request.params.kind, { id: id.data });
    },
  );
}

/** Signatures are made over the body as it came: nothing may parse it before. */
function takeRawBodies(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "*",
    { parseAs: "buffer" },
    async (_request: FastifyRequest, body: Buffer) => body,
  );
  // The signature decides, not the media type: one that is none at all would be refused unread.
  app.addHook("onRequest", async (request) => {
    const type = request.headers["content-type"];
    if (type !== undefined && !/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+/.test(type)) {
      request.headers["content-type"] = "application/octet-stream";
    }
  });
}

/** A header that comes twice proves nothing: only its first value counts. */
function singleHeaders(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ]),
  );
}

function logRefusal(request: FastifyRequest, error: unknown, kind: string, bytes: number): void {
  if (!(error instanceof SlotwireError) || error.status !== 401) return;
  request.log.warn({ code: error.code, kind, bytes }, "a message was refused");
}
