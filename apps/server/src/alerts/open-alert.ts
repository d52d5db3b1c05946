import type { AlertKind, AlertResource } from "@slotwire/contract";
import type { Transaction } from "../db/database.ts";
import { type AlertParams, MAX_DETAILS } from "../domain/describe-alert.ts";

/** Something that people should see to. */
export interface NewAlert {
  readonly orgId: string;
  readonly kind: AlertKind;
  /** The connection that it is about; null when it is about a destination. */
  readonly connectionId: string | null;
  readonly destinationId?: string;
  /** As the kind has it unless given. One that is open takes the new one over. */
  readonly severity?: AlertResource["severity"];
  /** What tells it from others of its kind and connection; absent when there is only one. */
  readonly about?: string;
  readonly params: AlertParams;
  /** When it was last so, UTC. What was seen before counts once. */
  readonly seenAt: Date;
}

const severities: Readonly<Record<AlertKind, AlertResource["severity"]>> = {
  source_quiet: "critical",
  signatures_failing: "critical",
  unknown_fields: "info",
  message_failed: "warning",
  calendar_entry_rejected: "warning",
  calendars_differ: "warning",
  credential_failing: "critical",
  host_no_show: "warning",
  deliveries_refused: "warning",
  destination_failing: "warning",
  destination_disabled: "critical",
};

/** By what an alert is the same again while it is open. */
export function alertKey({
  kind,
  connectionId,
  destinationId,
  about,
}: Pick<NewAlert, "kind" | "connectionId" | "destinationId" | "about">): string {
  return [kind, destinationId ?? connectionId, ...(about === undefined ? [] : [about])].join(":");
}

/**
 * Opens an alert, or counts one more for the open one. What was seen before its last time, or before
 * somebody resolved it, changes nothing: asking twice is asking once.
 * @param tx in the scope of the organisation, or of the system
 */
export async function openAlert(tx: Transaction, alert: NewAlert): Promise<void> {
  const key = alertKey(alert);
  const { details, ...params } = alert.params;
  const kept = details === undefined ? {} : { details: details.slice(0, MAX_DETAILS) };
  await tx.query(
    `INSERT INTO alert (org_id, kind, connection_id, key, severity, params, opened_at, last_seen_at,
         destination_id)
       SELECT $1, $2, $3, $4, $5, $6::jsonb, $7, $7, $8
        WHERE NOT EXISTS (SELECT FROM alert a
          WHERE a.org_id = $1 AND a.key = $4 AND a.resolved_at >= $7)
     ON CONFLICT (org_id, key) WHERE resolved_at IS NULL DO UPDATE
       SET count = alert.count + 1, last_seen_at = excluded.last_seen_at,
           severity = excluded.severity, params = alert.params || excluded.params || jsonb_build_object('details', (
             SELECT coalesce(jsonb_agg(d ORDER BY no), '[]') FROM (
               SELECT d, min(no) AS no FROM jsonb_array_elements(
                 coalesce(excluded.params -> 'details', '[]')
                   || coalesce(alert.params -> 'details', '[]')) WITH ORDINALITY given (d, no)
                GROUP BY d ORDER BY no LIMIT ${MAX_DETAILS}) kept))
     WHERE alert.last_seen_at < excluded.last_seen_at`,
    [
      alert.orgId,
      alert.kind,
      alert.connectionId,
      key,
      alert.severity ?? severities[alert.kind],
      JSON.stringify({ ...params, ...kept }),
      alert.seenAt,
      alert.destinationId ?? null,
    ],
  );
}
