import type { ReconcileRunResource } from "@slotwire/contract";
import { Link } from "@tanstack/react-router";
import { reconcile } from "../../messages/reconcile.ts";
import { TimeAgo } from "../../parts/time-ago.tsx";
import { useZone } from "../../session/use-session.ts";
import { RunChip } from "./run-chip.tsx";
import { reportWords } from "./report-words.ts";

interface EarlierRunsProps {
  runs: readonly ReconcileRunResource[];
  /** The run that is shown above. */
  shown: string | undefined;
}

/** The latest comparisons, each with its sentence. */
export function EarlierRuns({ runs, shown }: EarlierRunsProps) {
  const others = runs.filter(({ id }) => id !== shown);
  if (others.length === 0) return null;
  return (
    <section aria-label={reconcile.earlier} className="panel overflow-hidden">
      <h2 className="px-5 pt-4 pb-2 sm:px-6 text-lg font-semibold">{reconcile.earlier}</h2>
      <ul className="divide-y divide-line">
        {others.map((run) => (
          <li key={run.id}>
            <EarlierRun run={run} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function EarlierRun({ run }: { run: ReconcileRunResource }) {
  const zone = useZone();
  const facts = [
    reconcile.triggers[run.trigger],
    run.requested_by === null ? "" : reconcile.by(run.requested_by),
    run.dry_run ? reconcile.dryRunMark : "",
  ].filter((fact) => fact !== "");
  return (
    <Link
      to="."
      search={{ run: run.id }}
      className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 px-5 py-3 sm:px-6 hover:bg-raised"
    >
      <span className="min-w-0 flex-1 basis-64">
        <span className="block">{reportWords(run, zone)}</span>
        <span className="block text-sm text-muted">
          <TimeAgo at={run.created_at} /> · {facts.join(" · ")}
        </span>
      </span>
      <RunChip run={run} />
    </Link>
  );
}
