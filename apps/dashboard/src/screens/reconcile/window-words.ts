import type { ReconcileRunResource } from "@slotwire/contract";
import { reconcile } from "../../messages/reconcile.ts";
import { formatShortDate } from "../../time/format-time.ts";

/** Which bookings a run compared, in words. */
export function windowWords(run: ReconcileRunResource, zone: string): string {
  if (run.series_ref !== null) return reconcile.seriesOf;
  if (run.uid !== null) return reconcile.oneOf;
  // The end is not part of the window.
  const last = new Date(Date.parse(run.to) - 1).toISOString();
  return reconcile.windowOf(formatShortDate(run.from, zone), formatShortDate(last, zone));
}
