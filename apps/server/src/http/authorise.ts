import type { FastifyRequest } from "fastify";
import type { View } from "../domain/views/view.ts";
import { can, grantOf, type Action, type Grant } from "../access/can.ts";
import type { Origin, Principal } from "../access/principal.ts";
import { viewOf } from "../access/view-of.ts";
import { auditActor, type Author } from "../access/record-audit.ts";
import { SlotwireError } from "../errors.ts";
import { bearerOf } from "./bearer.ts";
import { STREAM_ROUTE } from "./stream-passes.ts";

/** Actions whose answers carry customers' contact data. */
const personal: readonly Action[] = [
  "bookings:read",
  "bookings:write",
  "bookings:import",
  "events:read",
  "inbox:read",
];

/**
 * The gate of routes that show or do all of something: who makes the request, if they may do
 * `action` without any limit.
 * @throws SlotwireError E_UNAUTHENTICATED when nobody is signed in
 * @throws SlotwireError E_FORBIDDEN when the role or the key's scopes do not allow it
 */
export function requireRole(request: FastifyRequest, action: Action): Principal {
  const { principal, grant } = requireGrant(request, action);
  const masked = personal.includes(action) && !can(principal, "contacts:read");
  if (grant !== "all" || masked) throw refusal(principal, action);
  return principal;
}

/**
 * The gate of routes that narrow what they show or do to what the asker is granted.
 * @returns who asks, and how much they may: never `none`
 * @throws SlotwireError E_UNAUTHENTICATED, E_FORBIDDEN
 */
export function requireGrant(
  request: FastifyRequest,
  action: Action,
): { principal: Principal; grant: Exclude<Grant, "none"> } {
  const { principal } = request;
  if (principal === null) throw notSignedIn(request);
  const grant = grantOf(principal, action);
  if (grant === "none") throw refusal(principal, action);
  return { principal, grant };
}

/**
 * The gate of routes that show bookings or what tells of them.
 * @returns who asks, and what they are shown
 * @throws SlotwireError E_UNAUTHENTICATED, E_FORBIDDEN
 */
export function requireView(
  request: FastifyRequest,
  action: Action,
): { principal: Principal; view: View } {
  const { principal } = requireGrant(request, action);
  return { principal, view: viewOf(principal, action) };
}

/** Says what is wrong with what was sent to prove who it is; nothing when nothing was sent. */
function notSignedIn(request: FastifyRequest): SlotwireError {
  const { authorization } = request.headers;
  if (authorization === undefined) return new SlotwireError("E_UNAUTHENTICATED");
  return new SlotwireError("E_UNAUTHENTICATED", { detail: whyUnknown(request) });
}

function whyUnknown(request: FastifyRequest): string {
  if (bearerOf(request) === null) return "`Authorization` has to be `Bearer`, a space and the key.";
  if (request.publishableKey !== null) {
    return "A publishable key opens nothing by itself: it exchanges a grant for a stream token.";
  }
  return request.routeOptions.url === STREAM_ROUTE
    ? "What was sent is no API key, and no stream token of this hub."
    : "What was sent is no API key. A stream token opens the stream alone.";
}

function refusal(principal: Principal, action: Action): SlotwireError {
  return new SlotwireError("E_FORBIDDEN", { detail: whyNot(principal, action) });
}

function whyNot({ role, scopes }: Principal, action: Action): string {
  if (scopes === null) return `The role ${role} does not include ${action}.`;
  if (!can({ role: "owner", scopes: ["admin"] }, action)) {
    return `No key may do this (${action}), whatever its scopes: a person has to, signed in.`;
  }
  const isOpened = can({ role: "owner", scopes }, action);
  return isOpened
    ? `The key's role ${role} does not include ${action}.`
    : `The key's scopes do not include ${action}.`;
}

/** Where a request came from, for the audit log. */
export function originOf(request: FastifyRequest): Origin {
  return {
    address: request.ip,
    userAgent: request.headers["user-agent"] ?? null,
    requestId: request.id,
  };
}

/**
 * The gate of routes that change all of something, as `requireRole`.
 * @returns who makes the change and from where, as the audit log keeps it
 * @throws SlotwireError E_UNAUTHENTICATED, E_FORBIDDEN
 */
export function requireAuthor(request: FastifyRequest, action: Action): Author {
  const principal = requireRole(request, action);
  return { orgId: principal.orgId, actor: auditActor(principal), origin: originOf(request) };
}
