import type { OperationalEventType, OperationalWebhook } from "@slotwire/contract";
import { type AlertRow, toAlert } from "../domain/describe-alert.ts";

/** An operational event as it was written down. */
export interface OperationalEventRow {
  readonly type: OperationalEventType;
  /** RFC 3339. */
  readonly occurred_at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An operational event as the standard profile tells of it, with all its details. */
export type OperationalEvent = OperationalWebhook;

/** The one shape in which an operational event leaves the hub. */
export function operationalFromRow({
  type,
  occurred_at,
  data,
}: OperationalEventRow): OperationalEvent {
  // Only the alerts' own trigger writes these rows, from the alert's row.
  const alert = toAlert(data as unknown as AlertRow);
  return { type, timestamp: occurred_at, data: { alert } };
}
