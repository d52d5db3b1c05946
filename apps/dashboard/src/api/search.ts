import type { InboundMessageStatus } from "@slotwire/contract";

/** What the inbox is narrowed to, as it stands in the address. */
export interface InboxSearch {
  status?: InboundMessageStatus | undefined;
  /** The connection's id. */
  connection?: string | undefined;
  trigger?: string | undefined;
  action?: string | undefined;
  q?: string | undefined;
  /** Days of the organisation, both included. */
  from?: string | undefined;
  to?: string | undefined;
  warning?: "true" | undefined;
}

/** Which comparison is shown, as it stands in the address. */
export interface ReconcileSearch {
  /** The run's id; the latest unless given. */
  run?: string | undefined;
}

/**
 * What the deliveries are narrowed to, as it stands in the address. What makes no sense is kept: the
 * hub refuses it. Left out, the list would show, and a replay would send, more than was asked for.
 */
export interface DeliveriesSearch {
  status?: string | undefined;
  /** The destination's id. */
  destination?: string | undefined;
  /** The event's type. */
  type?: string | undefined;
  /** The kind of error that the last attempt ended with. */
  error?: string | undefined;
  /** The HTTP status of the last answer. */
  code?: string | undefined;
  /** Days of the organisation, both included. */
  from?: string | undefined;
  to?: string | undefined;
  /** The booking's number or id. */
  booking?: string | undefined;
  /** What kept them from being sent. */
  reason?: string | undefined;
  /** The id of the replay that they were sent anew with. */
  replay?: string | undefined;
}

/** Where one goes on after signing in, and the token of a one-time link. */
export interface SignInSearch {
  token?: string | undefined;
  /** An address of the dashboard. */
  to?: string | undefined;
}

/** Spans of time that the audit log can be narrowed to. */
export const auditPeriods = ["today", "week", "month", "custom"] as const;

/** What the audit log is narrowed to, as it stands in the address. */
export interface AuditSearch {
  /** The id of whoever did it. */
  actor?: string | undefined;
  /** The kind of thing that it was done to, like `api_key`. */
  entity?: string | undefined;
  /** The id of that thing. */
  thing?: string | undefined;
  period?: (typeof auditPeriods)[number] | undefined;
  /** Days of the organisation, both included; only with the period `custom`. */
  from?: string | undefined;
  to?: string | undefined;
}
