import type { FastifyReply, FastifyRequest } from "fastify";
import { SlotwireError } from "../errors.ts";
import type { Hub } from "./app.types.ts";
import { isOwnOrigin } from "./own-origin.ts";
import { STREAM_ROUTE } from "./stream-passes.ts";

export const EXCHANGE_ROUTE = "/api/v1/stream-tokens/exchange";

/** What other sites' pages may call, with which method (Fetch Standard, 3.2: CORS). */
const openRoutes: ReadonlyMap<string, string> = new Map([
  [STREAM_ROUTE, "GET"],
  [EXCHANGE_ROUTE, "POST"],
]);

/** Longer ones are no page's. */
const MAX_ORIGIN = 300;
/** Seconds for which a browser need not ask again. */
const PREFLIGHT_AGE = 600;

/** The origin of another site's page that calls an open route; null for every other request. */
function pageOrigin({ headers, url }: FastifyRequest, publicUrl: string): string | null {
  const { origin } = headers;
  if (origin === undefined || origin.length > MAX_ORIGIN) return null;
  if (!openRoutes.has(pathOf(url)) || !URL.canParse(origin)) return null;
  return isOwnOrigin(origin, headers.host, publicUrl) ? null : origin;
}

const pathOf = (url: string): string => url.split("?", 1)[0] ?? "";

/**
 * Lets pages of the origins of publishable keys read the answers of the open routes, and answers
 * what their browsers ask beforehand. Cookies are never accepted from them.
 * @returns whether the request has been answered
 * @throws SlotwireError E_KEY_ORIGIN when a browser asks for a page of an unknown origin
 */
export async function openToPages(
  { keys, config }: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const origin = pageOrigin(request, config.publicUrl);
  if (origin === null) return false;
  const asksBefore =
    request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
  reply.header("vary", "Origin");
  if (!(await keys.knowsOrigin(origin))) {
    if (asksBefore) throw new SlotwireError("E_KEY_ORIGIN");
    return false;
  }
  reply.headers({
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "Slotwire-Organisation, Retry-After",
  });
  if (!asksBefore) return false;
  await reply
    .code(204)
    .headers({
      "access-control-allow-methods": openRoutes.get(pathOf(request.url)) ?? "",
      "access-control-allow-headers": "Authorization, Content-Type, Last-Event-ID",
      "access-control-max-age": PREFLIGHT_AGE,
    })
    .send();
  return true;
}

/**
 * Other sites' pages read the stream by a publishable key of their origin and by nothing else; an
 * error that says so they may read.
 * @throws SlotwireError E_KEY_ORIGIN when the token is not for the page
 */
export function requireKnownPage(
  { config }: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const origin = pageOrigin(request, config.publicUrl);
  if (origin === null || request.principal === null) return;
  const { streamPass: pass } = request;
  if (pass === null) reply.removeHeader("access-control-allow-origin");
  else if (pass.allowedOrigins?.includes(origin) !== true) {
    throw new SlotwireError("E_KEY_ORIGIN");
  }
}

/**
 * The gate of the exchange: only a page has an origin, and only the key's own pages pass.
 * @throws SlotwireError E_KEY_ORIGIN
 */
export function requireOriginOf(
  request: FastifyRequest,
  allowedOrigins: readonly string[] | null,
): void {
  const { origin } = request.headers;
  if (origin === undefined || allowedOrigins?.includes(origin) !== true) {
    throw new SlotwireError("E_KEY_ORIGIN");
  }
}
