import type { FastifyRequest } from "fastify";
import { SlotwireError } from "../errors.ts";
import { isOwnOrigin } from "./own-origin.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

type Verdict = "same" | "other" | "unknown";

/**
 * Where a browser says that the request comes from: by `Origin`, which it sends with every unsafe
 * request, and by `Sec-Fetch-Site`, which no page can set. Both have to agree. A page that sends no
 * referrer may have the origin `null`: then the latter decides.
 */
function originOf({ headers }: FastifyRequest, publicUrl: string): Verdict {
  const { origin, host } = headers;
  const isNamed = origin !== undefined && origin !== "null";
  if (isNamed && !isOwnOrigin(origin, host, publicUrl)) return "other";
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none" ? "same" : "other";
  if (origin === undefined) return "unknown";
  return isNamed ? "same" : "other";
}

/**
 * Keeps other sites from using the cookie that the browser sends along with their requests.
 * @throws SlotwireError E_CROSS_SITE when an unsafe request does not show that it is from here
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string): void {
  if (safeMethods.has(request.method)) return;
  if (originOf(request, publicUrl) !== "same") throw crossSite(publicUrl);
}

/**
 * The same for a request without a cookie, so that no other site can sign somebody in here, and for
 * one that only reads. A program, which is no browser, says nothing about its origin and passes.
 * @throws SlotwireError E_CROSS_SITE
 */
export function refuseOtherOrigins(request: FastifyRequest, publicUrl: string): void {
  if (originOf(request, publicUrl) === "other") throw crossSite(publicUrl);
}

/** Whoever sees it has most likely opened the hub by another of its machine's names. */
const crossSite = (publicUrl: string): SlotwireError =>
  new SlotwireError("E_CROSS_SITE", {
    remedy: `Open the hub at ${publicUrl}, or set PUBLIC_URL to the address in use. A program calls the API with a key.`,
  });
