import type { FastifyRequest } from "fastify";

/** The bearer token of a request (RFC 6750 §2.1); null when there is none. */
export function bearerOf({ headers }: FastifyRequest): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? null;
}
