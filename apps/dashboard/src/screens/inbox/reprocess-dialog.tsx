import type { ReprocessJobResource, ReprocessPlan } from "@slotwire/contract";
import type { MessageChoice } from "@slotwire/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { hub } from "../../api/hub.ts";
import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { summaryOf } from "../../parts/summary-of.ts";
import { toldWords } from "../../parts/told-words.ts";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";
import { ChangeList } from "./change-list.tsx";
import { outcomeWords } from "./outcome-words.ts";

const words = operate.again;
/** How often a job under way is read again, in milliseconds. */
const soon = 500;

interface ReprocessDialogProps {
  choice: MessageChoice;
  onClose: () => void;
}

/** Shows what processing messages again would change, does it when told to, and what came of it. */
export function ReprocessDialog({ choice, onClose }: ReprocessDialogProps) {
  const plan = useQuery({
    queryKey: ["reprocess", "plan", choice],
    queryFn: () => hub.inboundMessages.planReprocess(choice),
    // What it says is true at its moment, and the reader decides by what is shown.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const begin = useMutation({ mutationFn: () => hub.inboundMessages.reprocess(choice) });
  return (
    <Dialog title={words.title} isWide onClose={onClose}>
      <div className="space-y-4">
        {plan.isPending && (
          <>
            <output className="block text-muted">{words.planning}</output>
            <ListSkeleton lines={2} />
          </>
        )}
        {plan.error && <ProblemPanel error={plan.error} onRetry={() => void plan.refetch()} />}
        {begin.error && <ProblemPanel error={begin.error} />}
        {begin.data === undefined && plan.data && <Plan plan={plan.data} />}
        {begin.data && <Progress id={begin.data.id} onClose={onClose} />}
        {begin.data === undefined && (
          <DialogActions>
            <Button onClick={onClose}>{t.app.cancel}</Button>
            {plan.data && plan.data.total > 0 && (
              <Button weight="primary" disabled={begin.isPending} onClick={() => begin.mutate()}>
                {words.begin(plan.data.total)}
              </Button>
            )}
          </DialogActions>
        )}
      </div>
    </Dialog>
  );
}

function Plan({ plan }: { plan: ReprocessPlan }) {
  const zone = useZone();
  if (plan.total === 0) return <p>{words.none}</p>;
  return (
    <>
      <div>
        <p className="font-medium">{words.wouldChange(plan.changing, plan.total)}</p>
        <p className="text-sm text-muted">
          {plan.is_partial ? `${words.partial(plan.messages.length)} ` : ""}
          {plan.total > 1 ? `${words.alone} ` : ""}
          <strong className="font-medium text-ink">{words.finality}</strong>
        </p>
      </div>
      <ul aria-label={words.list} className="divide-y divide-line rounded-lg border border-line">
        {plan.messages.map((message) => (
          <li key={message.message_id} className="space-y-1 px-3 py-2">
            <p className="flex flex-wrap justify-between gap-x-3 text-sm">
              <span className="min-w-0 font-medium wrap-anywhere">{summaryOf(message, zone)}</span>
              <span className="text-muted">{outcomeWords(message.outcome)}</span>
            </p>
            <p className="text-xs text-muted">
              {formatShortDateTime(message.received_at, zone)}
              {message.reason !== null && ` · ${toldWords(message.reason, zone)}`}
            </p>
            <ChangeList changes={message.changes} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Progress({ id, onClose }: { id: string; onClose: () => void }) {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["reprocess", "job", id],
    queryFn: () => hub.inboundMessages.reprocessJob(id),
    refetchInterval: ({ state }) => (isOver(state.data) ? false : soon),
  });
  const stop = useMutation({
    mutationFn: () => hub.inboundMessages.cancelReprocess(id),
    onSettled: () => query.refetch(),
  });
  const job = query.data;
  const isDone = isOver(job);
  useEffect(() => {
    if (isDone) void queries.invalidateQueries({ queryKey: ["messages"] });
  }, [isDone, queries]);
  if (job === undefined) return query.error ? <ProblemPanel error={query.error} /> : null;
  return (
    <>
      <div className="space-y-2">
        <output className="block font-medium">{words.statuses[job.status]}</output>
        <progress
          className="h-2 w-full accent-accent"
          aria-label={words.title}
          value={job.done}
          max={Math.max(job.total, 1)}
        />
        <p className="text-sm text-muted">
          {words.progress(job.done, job.total)}
          {isDone && ` · ${words.summary(job.changed, job.failed)}`}
        </p>
      </div>
      {isDone && <Results id={id} />}
      <DialogActions>
        {!isDone && (
          <Button icon="cross" disabled={stop.isPending} onClick={() => stop.mutate()}>
            {words.stop}
          </Button>
        )}
        <Button weight={isDone ? "primary" : "plain"} onClick={onClose}>
          {words.close}
        </Button>
      </DialogActions>
    </>
  );
}

const isOver = (job: ReprocessJobResource | undefined): boolean =>
  job !== undefined && job.status !== "queued" && job.status !== "running";

function Results({ id }: { id: string }) {
  const zone = useZone();
  const query = useQuery({
    queryKey: ["reprocess", "results", id],
    queryFn: () => hub.inboundMessages.reprocessResults(id, { limit: 200 }),
  });
  const counts = new Map<string, number>();
  for (const { action, reason } of query.data?.data ?? []) {
    if (action === null) continue;
    const outcome = outcomeWords(action);
    const line = reason === null ? outcome : `${outcome}. ${toldWords(reason, zone)}.`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{words.results}</h3>
      <ul className="text-sm">
        {[...counts].map(([line, count]) => (
          <li key={line} className="wrap-anywhere">
            {count} × {line}
          </li>
        ))}
      </ul>
    </div>
  );
}
