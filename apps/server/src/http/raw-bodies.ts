import type { FastifyRequest } from "fastify";
import type { IncomingMessage } from "../inbox/connections/check-proof.ts";
import type { App, Hub } from "./app.types.ts";

/** Signatures are made over the body as it came: nothing may parse it before. */
export function takeRawBodies(app: App): void {
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

/**
 * The message of a source that a request brings, where bodies are taken raw.
 * @param urlToken the token of the address it was sent to; null when that had none
 */
export function messageOf(
  request: FastifyRequest,
  { clock, config }: Pick<Hub, "clock" | "config">,
  urlToken: string | null,
): IncomingMessage {
  return {
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    headers: singleHeaders(request),
    receivedAt: clock.now(),
    url: `${config.publicUrl}${request.url}`,
    urlToken,
  };
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
