import type { FastifyRequest } from "fastify";
import { SlotwireError } from "../errors.ts";
import type { App } from "./app.types.ts";
import { inspectInput } from "./inspect-input.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses a JSON body. An empty one is no body, whatever its declared type.
 * @throws SlotwireError E_JSON when it is not JSON in UTF-8 (RFC 8259 §8.1)
 */
function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch (error) {
    throw new SlotwireError("E_JSON", { cause: error });
  }
}

/** Makes JSON the only kind of body, and keeps out what could never be stored. */
export function acceptJson(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async (_request: FastifyRequest, body: Buffer) => parseJson(body),
  );
  app.addHook("preValidation", async (request) => {
    inspectInput(request.params, "params");
    inspectInput(request.query, "query");
    inspectInput(request.body, "body");
  });
}
