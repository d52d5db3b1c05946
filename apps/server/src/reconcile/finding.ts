import type { ReconcileFindingResource } from "@slotwire/contract";
import type { Transaction } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import type { FieldDifference } from "./compare-booking.ts";
import type { RunRow } from "./run-row.ts";

/** What a run found out about one booking. */
export interface Finding {
  readonly uid: string | null;
  readonly bookingId: string | null;
  readonly label: string;
  readonly kind: ReconcileFindingResource["kind"];
  readonly outcome: ReconcileFindingResource["outcome"];
  readonly fields: readonly FieldDifference[];
  readonly reason: string | null;
}

/** Writes findings of a run, in their order. */
export async function insertFindings(
  tx: Transaction,
  run: Pick<RunRow, "org_id" | "id" | "connection_id">,
  findings: readonly Finding[],
  now: Date,
): Promise<void> {
  for (const finding of findings) {
    await tx.query(
      `INSERT INTO reconcile_finding (org_id, id, run_id, connection_id, uid, booking_id, label,
                                      kind, outcome, fields, reason, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12)`,
      [
        run.org_id,
        uuid7(),
        run.id,
        run.connection_id,
        finding.uid,
        finding.bookingId,
        finding.label,
        finding.kind,
        finding.outcome,
        JSON.stringify(finding.fields),
        finding.reason,
        now,
      ],
    );
  }
}
