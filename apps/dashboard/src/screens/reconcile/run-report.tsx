import type { ReconcileRunResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { reconcile } from "../../messages/reconcile.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { relativeTime } from "../../time/relative-time.ts";
import { useNow } from "../../time/use-now.ts";
import { Findings } from "./findings.tsx";
import { isActive } from "./queries.ts";
import { RunChip } from "./run-chip.tsx";
import { reportWords } from "./report-words.ts";

interface RunReportProps {
  run: ReconcileRunResource;
  mayManage: boolean;
}

/** What a comparison came to, in a sentence, and what it found. */
export function RunReport({ run, mayManage }: RunReportProps) {
  const zone = useZone();
  const mayRead = useMay()("inbox:read");
  const hasBegun = run.started_at !== null;
  return (
    <Section title={reconcile.shown} state={<RunChip run={run} />}>
      <div className="space-y-4">
        {hasBegun && !isActive(run) && (
          <p className="text-lg text-pretty">{reportWords(run, zone)}</p>
        )}
        {isActive(run) && <Progress run={run} mayManage={mayManage} />}
        <Failure run={run} />
        {mayRead && hasBegun && <Findings run={run} />}
      </div>
    </Section>
  );
}

function Progress({ run, mayManage }: RunReportProps) {
  const now = useNow();
  const queries = useQueryClient();
  const stop = useMutation({
    mutationFn: () => hub.reconcile.cancel(run.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["reconcile"] }),
  });
  const waits = run.next_attempt_at === null ? null : relativeTime(run.next_attempt_at, now);
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="flex items-center gap-2.5">
          <span className="size-2.5 animate-pulse-soft rounded-full bg-accent" aria-hidden="true" />
          <output>
            {run.status === "queued" ? reconcile.queued : reconcile.running(run.checked)}
          </output>
          {waits !== null && <span className="text-muted">{reconcile.waits(waits)}</span>}
        </p>
        {mayManage && (
          <Button icon="cross" disabled={stop.isPending} onClick={() => stop.mutate()}>
            {reconcile.stop}
          </Button>
        )}
      </div>
      {stop.error && <ProblemPanel error={stop.error} />}
    </div>
  );
}

/** Why it failed, or what it waits for, and what to do. */
function Failure({ run }: { run: ReconcileRunResource }) {
  if (run.error_code === null) return null;
  const [title, remedy] = reconcile.failures[run.error_code] ?? reconcile.failedOther;
  const isWaiting = isActive(run);
  return (
    <div
      role={isWaiting ? undefined : "alert"}
      className={`flex gap-2.5 rounded-lg px-3 py-2.5 text-sm ${isWaiting ? "bg-warn-soft text-warn" : "bg-bad-soft text-bad"}`}
    >
      <Icon name={isWaiting ? "clock" : "warn"} className="mt-0.5 size-4" />
      <div className="min-w-0 wrap-anywhere">
        <p className="font-medium">{title}</p>
        {run.error && <p>{run.error}</p>}
        <p>{remedy}</p>
      </div>
    </div>
  );
}
