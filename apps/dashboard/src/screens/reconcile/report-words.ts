import type { ReconcileRunResource } from "@slotwire/contract";
import { reconcile } from "../../messages/reconcile.ts";
import { formatShortDate } from "../../time/format-time.ts";

/** What a run came to, in a sentence. */
export function reportWords(run: ReconcileRunResource, zone: string): string {
  const window = windowWords(run, zone);
  const isOver = run.status === "done" || run.checked > 0;
  return isOver ? reconcile.report(run, window) : reconcile.notCompared(window);
}

/** Which bookings it compared. */
function windowWords(run: ReconcileRunResource, zone: string): string {
  if (run.series_ref !== null) return reconcile.seriesOf;
  if (run.uid !== null) return reconcile.oneOf;
  // The end is not part of the window.
  const last = new Date(Date.parse(run.to) - 1).toISOString();
  return reconcile.windowOf(formatShortDate(run.from, zone), formatShortDate(last, zone));
}
