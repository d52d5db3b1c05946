import type { ReplayPlan } from "@slotwire/contract";
import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";
import { type ListChoice, replayFilterOf } from "./delivery-filter.ts";
import { ReplayProgress, useReplay } from "./replay-progress.tsx";

const words = outbound.replay;

interface ReplayDialogProps {
  choice: ListChoice;
  onClose: () => void;
}

/** Says how many deliveries would be sent anew, sends them when told to, and how far it is. */
export function ReplayDialog({ choice, onClose }: ReplayDialogProps) {
  const queries = useQueryClient();
  const [rate, setRate] = useState(10);
  const isByCode = choice.status_code !== undefined;
  const ask = { filter: replayFilterOf(choice), rate_per_second: rate };
  const plan = useQuery({
    queryKey: ["replay", "plan", ask],
    queryFn: () => hub.deliveries.planReplay(ask),
    enabled: !isByCode,
    placeholderData: keepPreviousData,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const begin = useMutation({
    mutationFn: () => hub.deliveries.startReplay(ask),
    onSettled: () => queries.invalidateQueries({ queryKey: ["replays"] }),
  });
  const error = plan.error ?? begin.error;
  if (begin.data !== undefined) return <Running id={begin.data.id} onClose={onClose} />;
  return (
    <Dialog title={words.title} onClose={onClose} focusOn="rate">
      <div className="space-y-4">
        <p className="text-muted">{isByCode ? words.byCode : words.intro}</p>
        {!isByCode && (
          <FormField label={words.rate}>
            {(ids) => (
              <input
                {...ids}
                name="rate"
                type="number"
                min={1}
                max={100}
                value={rate}
                onChange={({ target }) =>
                  setRate(Math.min(100, Math.max(1, Number(target.value) || 1)))
                }
                className="field w-28"
              />
            )}
          </FormField>
        )}
        {plan.isLoading && <output className="block text-muted">{words.planning}</output>}
        {plan.data && <Plan plan={plan.data} />}
        {error && <ProblemPanel error={error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          {plan.data && plan.data.total > 0 && (
            <Button weight="primary" disabled={begin.isPending} onClick={() => begin.mutate()}>
              {words.begin(plan.data.total)}
            </Button>
          )}
        </DialogActions>
      </div>
    </Dialog>
  );
}

function Plan({ plan }: { plan: ReplayPlan }) {
  const zone = useZone();
  if (plan.destinations.length === 0) return <p>{words.none}</p>;
  const { oldest, newest } = plan;
  return (
    <div>
      <output className="block font-medium">
        {words.plan(plan.total, words.takes(plan.seconds))}
      </output>
      {oldest !== null && newest !== null && (
        <p className="text-sm text-muted">
          {words.span(formatShortDateTime(oldest, zone), formatShortDateTime(newest, zone))}
        </p>
      )}
      <ul
        aria-label={words.byDestination}
        className="mt-3 divide-y divide-line rounded-lg border border-line text-sm"
      >
        {plan.destinations.map(({ id, name, status, count }) => (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4 px-3 py-2">
            <span className="min-w-0 font-medium wrap-anywhere">{name}</span>
            {words.held[status] !== "" && <span className="text-warn">{words.held[status]}</span>}
            <span className="tabular-nums">{count.toLocaleString("en-GB")}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Running({ id, onClose }: { id: string; onClose: () => void }) {
  const { replay, stop, error } = useReplay(id);
  const isOver = replay !== undefined && replay.status !== "running";
  return (
    <Dialog title={words.title} onClose={onClose}>
      <div className="space-y-4">
        {replay && <ReplayProgress replay={replay} />}
        {error && <ProblemPanel error={error} />}
        <DialogActions>
          {!isOver && (
            <Button icon="cross" disabled={stop.isPending} onClick={() => stop.mutate()}>
              {words.stop}
            </Button>
          )}
          <Button weight={isOver ? "primary" : "plain"} onClick={onClose}>
            {words.close}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
