import type { FastifyReply, FastifyRequest } from "fastify";

const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const headers: Readonly<Record<string, string>> = {
  "content-security-policy": policy,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * Sets the headers that every answer carries. The API's answers are never cached unless a route
 * says so.
 */
export function setSecurityHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): void {
  reply.headers(headers).header("x-request-id", request.id);
  if (publicUrl.startsWith("https:")) {
    reply.header("strict-transport-security", "max-age=31536000");
  }
  if (request.url.startsWith("/api/")) reply.header("cache-control", "no-store");
}
