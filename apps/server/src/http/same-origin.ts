import type { FastifyRequest } from "fastify";
import { SlotwireError } from "../errors.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

type Verdict = "same" | "other" | "unknown";

/**
 * Where a browser says that the request comes from. `Sec-Fetch-Site` cannot be set by a page;
 * browsers without it send `Origin` with every unsafe request.
 */
function originOf({ headers }: FastifyRequest, publicUrl: string): Verdict {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none" ? "same" : "other";
  const { origin } = headers;
  if (origin === undefined) return "unknown";
  if (!URL.canParse(origin)) return "other";
  const isOwn = origin === new URL(publicUrl).origin || new URL(origin).host === headers.host;
  return isOwn ? "same" : "other";
}

/**
 * Keeps other sites from using the cookie that the browser sends along with their requests.
 * @throws SlotwireError E_CROSS_SITE when an unsafe request does not show that it is from here
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string): void {
  if (safeMethods.has(request.method)) return;
  if (originOf(request, publicUrl) !== "same") throw new SlotwireError("E_CROSS_SITE");
}

/**
 * The same for a request without a cookie, so that no other site can sign somebody in here, and for
 * one that only reads. A program, which is no browser, says nothing about its origin and passes.
 * @throws SlotwireError E_CROSS_SITE
 */
export function refuseOtherOrigins(request: FastifyRequest, publicUrl: string): void {
  if (originOf(request, publicUrl) === "other") throw new SlotwireError("E_CROSS_SITE");
}
