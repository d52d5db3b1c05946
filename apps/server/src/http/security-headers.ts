import type { FastifyReply, FastifyRequest } from "fastify";
import { isProgramPath } from "./dashboard-files.ts";

const policyOf = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");

/** What nothing of the hub's needs, be it an answer of the API or a page. */
const nothing = {
  "default-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** Of data: a browser that opens it as a page runs and loads nothing. */
const dataPolicy = policyOf(nothing);

/** Of the dashboard: its own files alone; nothing inline runs, nothing goes elsewhere. */
const pagePolicy = policyOf({
  ...nothing,
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "manifest-src": "'self'",
  "form-action": "'self'",
});

/** Of the API's page: a style sheet, and no script at all. */
export const documentPolicy = policyOf({ ...nothing, "style-src": "'self'" });

/** The abilities of a browser that no page of the hub uses. */
const unusedAbilities = [
  "accelerometer",
  "autoplay",
  "browsing-topics",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "publickey-credentials-create",
  "publickey-credentials-get",
  "screen-wake-lock",
  "serial",
  "usb",
  "xr-spatial-tracking",
];

const headers: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": unusedAbilities.map((ability) => `${ability}=()`).join(", "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "x-permitted-cross-domain-policies": "none",
};

/** For a year browsers do not come here without encryption. */
const HSTS = "max-age=31536000";

/** What also answers carry that are written by hand, to bytes that were no request. */
export function dataHeaders(publicUrl: string): Readonly<Record<string, string>> {
  return {
    ...headers,
    "content-security-policy": dataPolicy,
    "cache-control": "no-store",
    ...(publicUrl.startsWith("https:") ? { "strict-transport-security": HSTS } : {}),
  };
}

/**
 * Sets the headers that every answer carries. What the API and the probes answer is never kept in
 * a cache unless a route says so.
 */
export function setSecurityHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): void {
  reply.headers(dataHeaders(publicUrl)).header("x-request-id", request.id);
  if (isPage(request)) {
    reply.header("content-security-policy", pagePolicy).removeHeader("cache-control");
  }
}

/** Whether the dashboard answers: all that no program asks for. */
function isPage({ routeOptions, url }: FastifyRequest): boolean {
  return routeOptions.url === "/*" && !isProgramPath(url);
}
