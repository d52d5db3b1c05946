import type { FastifyRequest } from "fastify";
import { can } from "../access/can.ts";
import type { Principal } from "../access/principal.ts";
import type { Actor } from "../domain/booking.ts";
import type { CommandCaller } from "../commands/request-command.ts";
import { SlotwireError } from "../errors.ts";
import type { HubCaller } from "../ledger/hub-change.ts";
import { originOf, requireView } from "./authorise.ts";

/** The principal as the ledger names whoever makes a change. */
export function actorOf(principal: Principal): Actor {
  const { kind, id, name } = principal;
  const mayCorrect = can(principal, "bookings:correct");
  return { kind: kind === "user" ? "user" : "api_key", id, name, mayCorrect };
}

/**
 * Who wants to change a booking, and which version of it they saw.
 * @throws SlotwireError E_UNAUTHENTICATED, E_FORBIDDEN, E_PRECONDITION
 */
export function bookingCaller(request: FastifyRequest): HubCaller {
  const { principal, view } = requireView(request, "bookings:write");
  return {
    view,
    actor: actorOf(principal),
    expectedVersion: expectedVersion(request.headers["if-match"]),
    origin: originOf(request),
  };
}

/**
 * The same of a request that may have been made before.
 * @throws SlotwireError as `bookingCaller`
 */
export function commandCaller(request: FastifyRequest): CommandCaller {
  const key = request.headers["idempotency-key"];
  return { ...bookingCaller(request), idempotencyKey: typeof key === "string" ? key : null };
}

/** The entity tag of a booking's version. */
export function versionTag({ version }: { readonly version: number }): string {
  return `"${version}"`;
}

/** Reads `If-Match` (RFC 9110 §13.1.1). A tag that is none of ours matches nothing. */
export function expectedVersion(ifMatch: string | undefined): number | null {
  if (ifMatch === undefined || ifMatch.trim() === "*") return null;
  const version = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(ifMatch)?.[1];
  if (version === undefined) throw new SlotwireError("E_PRECONDITION");
  return Number(version);
}
