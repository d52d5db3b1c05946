import type { FastifyReply, FastifyRequest } from "fastify";
import type { StreamPass } from "../access/stream-pass.ts";
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
  if ((await keys.orgsOfOrigin(origin)).size === 0) {
    if (asksBefore) throw new SlotwireError("E_KEY_ORIGIN");
    return false;
  }
  reply.headers({
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "Slotwire-Organisation, Slotwire-Reader, Retry-After",
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
 * Other sites' pages read the stream by a stream token and by nothing else; an error that says so they
 * may read.
 * @throws SlotwireError E_KEY_ORIGIN when the token is not for the page
 */
export async function requireKnownPage(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const origin = pageOrigin(request, hub.config.publicUrl);
  if (origin === null || request.principal === null) return;
  if (request.streamPass === null) reply.removeHeader("access-control-allow-origin");
  else if (!(await isForItsPage(hub, request, request.streamPass))) {
    throw new SlotwireError("E_KEY_ORIGIN");
  }
}

/**
 * Whether a stream token may be used where the request comes from. Other sites' pages use one that was
 * exchanged with a publishable key where that key may be used; and one that a server or person made
 * where any publishable key of their organisation may be.
 */
export async function isForItsPage(
  { keys, config }: Hub,
  request: FastifyRequest,
  { allowedOrigins, claims }: StreamPass,
): Promise<boolean> {
  const origin = pageOrigin(request, config.publicUrl);
  if (origin === null) return true;
  if (allowedOrigins !== null) return allowedOrigins.includes(origin);
  return (await keys.orgsOfOrigin(origin)).has(claims.org);
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
