import type { FastifyRequest } from "fastify";
import { can, type Action } from "../access/can.ts";
import type { Principal } from "../access/principal.ts";
import { SlotwireError } from "../errors.ts";

/**
 * The one gate of every route: who makes the request, if they may do `action`.
 * @throws SlotwireError E_UNAUTHENTICATED when nobody is signed in
 * @throws SlotwireError E_FORBIDDEN when the role does not allow it
 */
export function requireRole(request: FastifyRequest, action: Action): Principal {
  const { principal } = request;
  if (principal === null) throw new SlotwireError("E_UNAUTHENTICATED");
  if (!can(principal.role, action)) {
    throw new SlotwireError("E_FORBIDDEN", {
      detail: `The role ${principal.role} does not include ${action}.`,
    });
  }
  return principal;
}
