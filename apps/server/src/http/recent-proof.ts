import type { FastifyRequest } from "fastify";
import type { Clock } from "../clock.ts";
import { SlotwireError } from "../errors.ts";

/** How long after proving who they are a person may do sensitive work. Milliseconds. */
const RECENT = 10 * 60_000;

declare module "fastify" {
  interface FastifyInstance {
    readonly clock: Clock;
  }
}

/**
 * The gate of sensitive routes (keys, secrets, roles, exports), after the gate that asks for the
 * role: the person has signed in or confirmed the session within the last ten minutes. A key has
 * no session and passes; its scopes decide.
 * @throws SlotwireError E_CONFIRM when the last proof is older
 */
export function requireRecentProof(request: FastifyRequest): void {
  const session = request.principal?.session ?? null;
  if (session !== null && !hasRecentProof(request)) throw new SlotwireError("E_CONFIRM");
}

/** Whether the person has shown in the last ten minutes who they are. */
export function hasRecentProof(request: FastifyRequest): boolean {
  const session = request.principal?.session ?? null;
  if (session === null) return false;
  return request.server.clock.now().getTime() - session.authenticatedAt.getTime() < RECENT;
}
