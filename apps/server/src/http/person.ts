import type { FastifyRequest } from "fastify";
import type { Person } from "../access/person.ts";
import { auditActor } from "../access/record-audit.ts";
import { SlotwireError } from "../errors.ts";
import { originOf, requireRole } from "./authorise.ts";
import { hasRecentProof } from "./recent-proof.ts";

/**
 * The gate of routes on one's own account and sessions.
 * @throws SlotwireError E_UNAUTHENTICATED when nobody is signed in
 * @throws SlotwireError E_FORBIDDEN when it is a program, which has no account
 */
export function requirePerson(request: FastifyRequest): Person {
  const principal = requireRole(request, "session:read");
  if (principal.kind !== "user" || principal.session === null) {
    throw new SlotwireError("E_FORBIDDEN", { detail: "An API key has no account." });
  }
  return {
    userId: principal.id,
    sessionId: principal.session.id,
    isProven: hasRecentProof(request),
    author: { orgId: principal.orgId, actor: auditActor(principal), origin: originOf(request) },
  };
}
