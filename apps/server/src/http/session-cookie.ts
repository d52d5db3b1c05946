import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";

/** How the session travels: one cookie that no script can read. */
export interface SessionCookie {
  read(request: FastifyRequest): string | null;
  write(reply: FastifyReply, token: string, expiresAt: Date): void;
  clear(reply: FastifyReply): void;
}

/**
 * The cookie for the hub's address. Under https it is Secure and has the `__Host-` prefix, which
 * binds it to this very host (RFC 6265bis §4.1.3.2); browsers refuse that prefix over plain http.
 */
export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith("https:");
  const name = secure ? "__Host-slotwire_session" : "slotwire_session";
  const options: CookieSerializeOptions = { httpOnly: true, sameSite: "lax", path: "/", secure };
  return {
    read: (request) => request.cookies[name] ?? null,
    write: (reply, token, expires) => void reply.setCookie(name, token, { ...options, expires }),
    clear: (reply) => void reply.clearCookie(name, options),
  };
}
