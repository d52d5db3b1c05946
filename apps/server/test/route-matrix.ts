import type { Action } from "../src/access/can.ts";
import type { Thing } from "./route-matrix-world.ts";

/**
 * Who may use each route of the API. `route-matrix.test.ts` asks everybody, and compares.
 *
 * Glossary. A *gate* is what a route asks of whoever calls it:
 * - `public`: nothing at all;
 * - `source`: a proof of the message's own, whoever calls;
 * - `page`: a publishable key, from a page of its origin;
 * - `person`: to be signed in, in whatever role; a key is no person;
 * - an action of `access/can.ts`. With `all` the grant must have no limit; else the route narrows
 *   what it shows or does to what is granted, so that what is not one's own is not found.
 */
export interface Line {
  readonly gate: "public" | "source" | "page" | "person" | { action: Action; all: boolean };
  /** Whose id the path carries, of the caller's organisation. A new one for every change. */
  readonly on?: Thing;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent; `no` is another number at every call. */
  readonly body?: (no: number) => object;
  /** The problem that whoever is let in is answered with, instead of a success. */
  readonly answers?: `${number} ${`E_${string}` | "without a code"}`;
}

const may = (action: Action, rest: Omit<Line, "gate"> = {}): Line => ({
  gate: { action, all: false },
  ...rest,
});
const mayAll = (action: Action, rest: Omit<Line, "gate"> = {}): Line => ({
  gate: { action, all: true },
  ...rest,
});
const open = (rest: Omit<Line, "gate"> = {}): Line => ({ gate: "public", ...rest });
const person = (rest: Omit<Line, "gate"> = {}): Line => ({ gate: "person", ...rest });

/** The password of everybody in the matrix. */
export const password = "a pass phrase of the matrix";
const token = "a-token-that-nobody-was-given";
const times = { starts_at: "2026-06-01T08:00:00Z", ends_at: "2026-06-01T09:00:00Z" };
const unsigned: Line = { gate: "source", body: () => ({}), answers: "401 E_SIGNATURE_MISSING" };

/** By method and path, as the API's description writes them. */
export const routeMatrix: Readonly<Record<string, Line>> = {
  "GET /livez": open(),
  "GET /readyz": open(),
  "GET /api/health": open(),
  "GET /health": open(),

  "POST /api/webhooks/{kind}": unsigned,
  "POST /api/webhooks/{kind}/{connection}": { ...unsigned, on: "connection" },
  "POST /api/webhooks/{kind}/{connection}/{token}": {
    ...unsigned,
    on: "connection",
    answers: "401 E_SIGNATURE",
  },

  "POST /api/bookings/incoming": { ...unsigned, answers: "401 without a code" },
  "POST /api/bookings/incoming/{connection}": {
    ...unsigned,
    on: "connection",
    answers: "401 without a code",
  },

  "POST /api/webhooks/booking-events": { ...unsigned, answers: "401 E_SIGNATURE" },
  "POST /api/external-calendar/callback": { ...unsigned, answers: "404 E_NOT_FOUND" },
  "POST /api/external-calendar/callback/{connection}": {
    ...unsigned,
    on: "connection",
    answers: "404 E_NOT_FOUND",
  },
  "GET /api/webhooks/booking-events": open(),
  "POST /functions/v1/booking-event-webhook": { ...unsigned, answers: "401 E_SIGNATURE" },
  "POST /functions/v1/notify-booking-status": mayAll("notifications:send", {
    body: () => ({ booking_id: "nothing", old_status: "confirmed", new_status: "cancelled" }),
    answers: "404 E_NOT_FOUND",
  }),

  "GET /api/v1/sign-in-options": open(),
  "POST /api/v1/session": open({ body: () => ({ token }), answers: "401 E_LINK_INVALID" }),
  "GET /api/v1/session": person(),
  "DELETE /api/v1/session": open(),
  "POST /api/v1/session/confirm": person({ body: () => ({ password }) }),
  "PUT /api/v1/session/organisation": person({
    body: () => ({ organisation_id: "00000000-0000-4000-8000-000000000000" }),
    answers: "404 E_NOT_FOUND",
  }),
  "GET /api/v1/sessions": person(),
  "DELETE /api/v1/sessions": person(),
  "DELETE /api/v1/sessions/{id}": person({ on: "session", answers: "404 E_NOT_FOUND" }),
  "GET /api/v1/oidc/start": open({ answers: "404 E_NOT_FOUND" }),
  "GET /api/v1/oidc/callback": open({ answers: "404 E_NOT_FOUND" }),
  "POST /api/v1/password-reset": open({
    body: () => ({ email: "nobody@example.com" }),
    answers: "409 E_MAIL_UNSET",
  }),
  "PUT /api/v1/password-reset": open({
    body: () => ({ token, password }),
    answers: "401 E_LINK_INVALID",
  }),

  "PATCH /api/v1/account": person({ body: () => ({ name: "Somebody" }) }),
  "DELETE /api/v1/account/email-change": person(),
  "POST /api/v1/account/email-change/resend": person({ answers: "409 E_MAIL_UNSET" }),
  "POST /api/v1/account/email-change/confirm": person({
    body: () => ({ token }),
    answers: "410 E_EMAIL_CHANGE",
  }),
  "PUT /api/v1/account/password": person({ body: () => ({ password }) }),
  "POST /api/v1/account/totp": person(),
  "POST /api/v1/account/totp/confirm": person({
    body: () => ({ code: "000000" }),
    answers: "422 E_VALIDATION",
  }),
  "DELETE /api/v1/account/totp": person(),
  "POST /api/v1/account/recovery-codes": person({ answers: "409 E_CONFLICT" }),

  "GET /api/v1/members": mayAll("members:read"),
  "PATCH /api/v1/members/{user_id}": mayAll("members:manage", {
    on: "member",
    body: () => ({ role: "viewer" }),
  }),
  "DELETE /api/v1/members/{user_id}": mayAll("members:manage", { on: "member" }),
  "GET /api/v1/members/{user_id}/keys": mayAll("members:manage", { on: "member" }),
  "GET /api/v1/invitations": mayAll("members:read"),
  "POST /api/v1/invitations": mayAll("members:manage", {
    body: (no) => ({ email: `invited-${no}@example.com`, role: "staff" }),
  }),
  "DELETE /api/v1/invitations/{id}": mayAll("members:manage", { on: "invitation" }),
  "POST /api/v1/invitations/{id}/resend": mayAll("members:manage", { on: "invitation" }),
  "POST /api/v1/invitations/preview": open({
    body: () => ({ token }),
    answers: "410 E_INVITATION",
  }),
  "POST /api/v1/invitations/mail": open({
    body: () => ({ token }),
    answers: "409 E_MAIL_UNSET",
  }),
  "POST /api/v1/invitations/accept": open({
    body: () => ({ token, password }),
    answers: "410 E_INVITATION",
  }),

  "GET /api/v1/api-keys": may("keys:read"),
  "POST /api/v1/api-keys": may("keys:manage", {
    body: () => ({ name: "A key", scopes: ["bookings:read"] }),
  }),
  "DELETE /api/v1/api-keys/{id}": may("keys:manage", { on: "apiKey" }),

  "GET /api/v1/bookings": may("bookings:read"),
  "POST /api/v1/bookings": may("bookings:write", { body: () => times }),
  "POST /api/v1/bookings/import": mayAll("bookings:import", {
    body: () => ({ external_id: "nothing has this" }),
    answers: "409 E_API_KEY_MISSING",
  }),
  "GET /api/v1/bookings/{id}": may("bookings:read", { on: "booking" }),
  "GET /api/v1/bookings/{id}/timeline": may("bookings:read", { on: "booking" }),
  "POST /api/v1/bookings/{id}/status": may("bookings:write", {
    on: "booking",
    body: () => ({ status: "cancelled" }),
  }),
  "POST /api/v1/bookings/{id}/reschedule": may("bookings:write", {
    on: "booking",
    body: () => times,
  }),
  "POST /api/v1/bookings/{id}/cancel": may("bookings:write", { on: "booking", body: () => ({}) }),
  "GET /api/v1/bookings/{id}/actions": may("bookings:write", { on: "booking" }),
  "GET /api/v1/commands": may("bookings:read"),
  "GET /api/v1/commands/{id}": may("bookings:read", { on: "command" }),
  "DELETE /api/v1/commands/{id}": may("bookings:write", { on: "command" }),
  "GET /api/v1/bookings/unlinked": may("bookings:read"),
  "GET /api/v1/bookings/unlinked/count": may("bookings:read"),
  "POST /api/v1/bookings/{id}/link": may("bookings:write", {
    on: "booking",
    body: (no) => ({ customer: { name: `Customer ${no}` } }),
  }),
  "DELETE /api/v1/bookings/{id}/link": may("bookings:write", { on: "booking" }),
  "POST /api/v1/bookings/{id}/dismiss-link": may("bookings:write", { on: "booking" }),
  "DELETE /api/v1/bookings/{id}/dismiss-link": may("bookings:write", { on: "booking" }),
  "GET /api/v1/customers": may("customers:read"),
  "POST /api/v1/customers": mayAll("customers:write", { body: (no) => ({ name: `Made ${no}` }) }),
  "GET /api/v1/customers/{id}": may("customers:read", { on: "customer" }),
  "PATCH /api/v1/customers/{id}": may("customers:write", {
    on: "customer",
    body: (no) => ({ name: `Renamed ${no}` }),
  }),
  "GET /api/v1/subjects": may("customers:read"),
  "POST /api/v1/subjects": may("customers:write", {
    body: (no) => ({ customer_id: "00000000-0000-4000-8000-000000000000", name: `Rex ${no}` }),
    answers: "422 E_VALIDATION",
  }),
  "GET /api/v1/subjects/{id}": may("customers:read", { on: "subject" }),
  "PATCH /api/v1/subjects/{id}": may("customers:write", {
    on: "subject",
    body: (no) => ({ name: `Renamed ${no}` }),
  }),
  "GET /api/v1/activities": may("activities:read"),
  "GET /api/activities": may("activities:read"),
  "GET /api/leads/{id}/activities": may("activities:read", { on: "lead" }),
  "GET /api/v1/tasks": may("tasks:read"),
  "GET /api/tasks": may("tasks:read"),
  "PATCH /api/v1/tasks/{id}": may("tasks:write", {
    on: "task",
    body: () => ({ status: "done" }),
  }),
  "PATCH /api/tasks/{id}": may("tasks:write", { on: "task", body: () => ({ status: "done" }) }),
  "GET /api/v1/booking-events": may("events:read"),
  // Nobody would end the stream; and who may not open one does not hear that the position is wrong.
  "GET /api/v1/stream": may("events:read", {
    headers: { "last-event-id": "nonsense" },
    answers: "400 E_CURSOR",
  }),
  "POST /api/v1/stream-tokens": may("stream:mint", { body: () => ({}) }),
  "POST /api/v1/stream-tokens/exchange": { gate: "page", body: () => ({ grant: token }) },

  "GET /api/v1/connection-kinds": mayAll("connections:read"),
  "GET /api/v1/connections": mayAll("connections:read"),
  "POST /api/v1/connections": mayAll("connections:manage", {
    body: (no) => ({ kind: "memory", name: `Connection ${no}` }),
  }),
  "GET /api/v1/connections/{id}": mayAll("connections:read", { on: "connection" }),
  "PATCH /api/v1/connections/{id}": mayAll("connections:manage", {
    on: "connection",
    body: (no) => ({ name: `Renamed ${no}` }),
  }),
  "DELETE /api/v1/connections/{id}": mayAll("connections:manage", { on: "connection" }),
  "POST /api/v1/connections/{id}/pause": mayAll("connections:manage", { on: "connection" }),
  "POST /api/v1/connections/{id}/resume": mayAll("connections:manage", { on: "connection" }),
  "POST /api/v1/connections/{id}/rotate-secret": mayAll("connections:manage", { on: "connection" }),
  "POST /api/v1/connections/{id}/rotate-url-token": mayAll("connections:manage", {
    on: "connection",
  }),
  "GET /api/v1/connections/{id}/samples": mayAll("connections:manage", { on: "mappedConnection" }),
  "GET /api/v1/connections/{id}/mapping": mayAll("connections:manage", { on: "mappedConnection" }),
  "PUT /api/v1/connections/{id}/mapping": mayAll("connections:manage", {
    on: "mappedConnection",
    body: () => ({ mapping: { fields: { uid: { path: "$.id" } } } }),
  }),
  "GET /api/v1/connections/{id}/mapping/suggestion": mayAll("connections:manage", {
    on: "mappedConnection",
  }),
  "POST /api/v1/connections/{id}/mapping/try": mayAll("connections:manage", {
    on: "mappedConnection",
    body: () => ({ mapping: { fields: {} } }),
  }),
  "POST /api/v1/connections/{id}/reconcile": mayAll("connections:manage", {
    on: "connection",
    body: () => ({ dry_run: true }),
    answers: "409 E_API_KEY_MISSING",
  }),
  "GET /api/v1/reconcile-runs": mayAll("connections:read"),
  "GET /api/v1/reconcile-runs/{id}": mayAll("connections:read", { on: "reconcileRun" }),
  "GET /api/v1/reconcile-runs/{id}/findings": may("inbox:read", { on: "reconcileRun" }),
  "POST /api/v1/reconcile-runs/{id}/cancel": mayAll("connections:manage", { on: "reconcileRun" }),
  "GET /api/v1/inbound-messages": may("inbox:read"),
  "GET /api/v1/inbound-messages/{id}": may("inbox:read", { on: "message" }),
  "POST /api/v1/inbound-messages/reprocess": mayAll("inbox:manage", {
    body: () => ({ filter: { q: "nothing has this" }, dry_run: false }),
  }),
  "POST /api/v1/inbound-messages/{id}/reprocess": mayAll("inbox:manage", {
    on: "message",
    body: () => ({ dry_run: false }),
  }),
  "GET /api/v1/reprocess-jobs": mayAll("inbox:manage"),
  "GET /api/v1/reprocess-jobs/{id}": mayAll("inbox:manage", { on: "reprocessJob" }),
  "GET /api/v1/reprocess-jobs/{id}/results": mayAll("inbox:manage", { on: "reprocessJob" }),
  "DELETE /api/v1/reprocess-jobs/{id}": mayAll("inbox:manage", { on: "reprocessJob" }),

  "GET /api/v1/alerts": may("alerts:read"),
  "POST /api/v1/alerts/{id}/acknowledge": mayAll("alerts:manage", { on: "alert" }),
  "POST /api/v1/alerts/{id}/resolve": mayAll("alerts:manage", { on: "alert" }),
  "GET /api/v1/organisation": mayAll("organisation:read"),
  "PATCH /api/v1/organisation": mayAll("organisation:manage", {
    body: (no) => ({ raw_message_days: 1 + (no % 3000) }),
  }),

  // The demo is another organisation's.
  "GET /api/v1/demo": mayAll("organisation:manage", { answers: "404 E_NOT_FOUND" }),
  "PATCH /api/v1/demo": mayAll("organisation:manage", {
    body: () => ({ fail_percent: 10 }),
    answers: "404 E_NOT_FOUND",
  }),
  "POST /api/v1/demo/happenings": mayAll("organisation:manage", {
    body: () => ({ count: 1 }),
    answers: "404 E_NOT_FOUND",
  }),
  "DELETE /api/v1/demo/happenings": mayAll("organisation:manage", { answers: "404 E_NOT_FOUND" }),
  "POST /api/v1/demo/test-webhook": mayAll("organisation:manage", {
    body: () => ({ signature: "wrong" }),
    answers: "404 E_NOT_FOUND",
  }),

  "GET /api/v1/destinations": mayAll("destinations:read"),
  "POST /api/v1/destinations": mayAll("destinations:manage", {
    body: (no) => ({ name: `Destination ${no}`, url: "http://127.0.0.1:9/" }),
  }),
  "GET /api/v1/destinations/statistics": mayAll("destinations:read"),
  "GET /api/v1/destinations/{id}": mayAll("destinations:read", { on: "destination" }),
  "PATCH /api/v1/destinations/{id}": mayAll("destinations:manage", {
    on: "destination",
    body: (no) => ({ name: `Renamed ${no}` }),
  }),
  "DELETE /api/v1/destinations/{id}": mayAll("destinations:manage", { on: "destination" }),
  "POST /api/v1/destinations/{id}/pause": mayAll("destinations:manage", { on: "destination" }),
  "POST /api/v1/destinations/{id}/resume": mayAll("destinations:manage", { on: "destination" }),
  "POST /api/v1/destinations/{id}/rotate-secret": mayAll("destinations:manage", {
    on: "destination",
    body: () => ({ end_overlap: true }),
  }),
  "POST /api/v1/destinations/{id}/test": mayAll("destinations:manage", { on: "destination" }),
  "POST /api/v1/destinations/preview": mayAll("destinations:manage", {
    body: () => ({ destination: { url: "http://127.0.0.1:9/" } }),
  }),
  "POST /api/v1/destinations/{id}/preview": mayAll("destinations:manage", {
    on: "destination",
    body: () => ({}),
  }),
  "POST /api/v1/destinations/{id}/portal-link": mayAll("destinations:manage", {
    on: "destination",
    body: () => ({ expires_in_hours: 1 }),
  }),
  "DELETE /api/v1/destinations/{id}/portal-link": mayAll("destinations:manage", {
    on: "destination",
  }),
  "GET /api/v1/portal": { gate: "source", answers: "401 E_PORTAL_LINK" },
  "GET /api/v1/portal/deliveries": { gate: "source", answers: "401 E_PORTAL_LINK" },
  "GET /api/v1/portal/deliveries/{id}/attempts": {
    gate: "source",
    on: "delivery",
    answers: "401 E_PORTAL_LINK",
  },
  "GET /api/v1/deliveries": may("deliveries:read"),
  "GET /api/v1/deliveries/counts": may("deliveries:read"),
  "GET /api/v1/deliveries/{id}": may("deliveries:read", { on: "delivery" }),
  "GET /api/v1/deliveries/{id}/attempts": may("deliveries:read", { on: "delivery" }),
  "POST /api/v1/deliveries/{id}/retry": mayAll("deliveries:manage", { on: "delivery" }),
  "POST /api/v1/deliveries/{id}/replay": mayAll("deliveries:manage", { on: "delivery" }),
  "POST /api/v1/deliveries/replay": mayAll("deliveries:manage", {
    body: () => ({ filter: {}, dry_run: true }),
  }),
  "GET /api/v1/replays": may("deliveries:read"),
  "GET /api/v1/replays/{id}": may("deliveries:read", { on: "replay" }),
  "DELETE /api/v1/replays/{id}": mayAll("deliveries:manage", { on: "replay" }),

  "GET /feeds/{file}": open({ answers: "404 E_NOT_FOUND" }),
  "GET /api/v1/feeds": may("feeds:manage"),
  "POST /api/v1/feeds": may("feeds:manage", {
    body: () => ({ name: "A feed" }),
  }),
  "DELETE /api/v1/feeds/{id}": may("feeds:manage", { on: "feed" }),

  "GET /api/v1/audit": mayAll("audit:read"),
  "GET /api/v1/audit/actors": mayAll("audit:read"),
};
