import type { FastifyRequest } from "fastify";
import { auditActor } from "../access/record-audit.ts";
import type { CustomerCaller } from "../customers/customer-caller.ts";
import { originOf, requireView } from "./authorise.ts";
import { expectedVersion } from "./booking-caller.ts";

/**
 * Who wants to change a customer or what is theirs, and which version they saw.
 * @throws SlotwireError E_UNAUTHENTICATED, E_FORBIDDEN, E_PRECONDITION
 */
export function customerCaller(request: FastifyRequest): CustomerCaller {
  const { principal, view } = requireView(request, "customers:write");
  const { orgId } = principal;
  return {
    view,
    author: { orgId, actor: auditActor(principal), origin: originOf(request) },
    expectedVersion: expectedVersion(request.headers["if-match"]),
  };
}
