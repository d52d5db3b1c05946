import type { ReconcileRunResource, StartReconcile } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { reconcile } from "../../messages/reconcile.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { textIn } from "../../parts/text-in.ts";
import { useZone } from "../../session/use-session.ts";
import { startOfDay } from "../../time/start-of-day.ts";
import { addDays, dayOf } from "../../time/zoned-day.ts";
import { isActive, runsQuery } from "./queries.ts";

interface StartFormProps {
  connectionId: string;
  runs: readonly ReconcileRunResource[];
}

const DAYS_AHEAD = 90;

/** Begins a comparison of the days that one chooses. */
export function StartForm({ connectionId, runs }: StartFormProps) {
  const zone = useZone();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [today] = useState(() => dayOf(Date.now(), zone));
  const start = useMutation({
    mutationFn: (input: StartReconcile) => hub.reconcile.start(connectionId, input),
    onSuccess: async () => {
      await navigate({ to: ".", search: {} });
      await queries.invalidateQueries({ queryKey: runsQuery(connectionId).queryKey });
    },
  });
  const isBusy = start.isPending || runs.some((run) => run.trigger === "manual" && isActive(run));
  const wrong = fieldError(start.error, "to") ?? fieldError(start.error, "from");
  return (
    <form
      className="panel space-y-4 p-5 sm:p-6"
      aria-label={reconcile.title}
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const [from, to] = [textIn(form, "from"), textIn(form, "to")];
        start.mutate({
          from: new Date(startOfDay(from, zone)).toISOString(),
          to: new Date(startOfDay(addDays(to, 1), zone)).toISOString(),
          dry_run: form.has("dry_run"),
        });
      }}
    >
      <div className="flex flex-wrap items-start gap-4">
        <FormField label={reconcile.from}>
          {(ids) => (
            <input
              {...ids}
              type="date"
              name="from"
              required
              defaultValue={addDays(today, -1)}
              className="field"
            />
          )}
        </FormField>
        <FormField label={reconcile.to} error={wrong}>
          {(ids) => (
            <input
              {...ids}
              type="date"
              name="to"
              required
              defaultValue={addDays(today, DAYS_AHEAD)}
              className="field"
            />
          )}
        </FormField>
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <Button type="submit" weight="primary" icon="equal" disabled={isBusy}>
          {start.isPending ? reconcile.starting : reconcile.start}
        </Button>
        <label className="flex items-center gap-2 text-sm">
          <input type="checkbox" name="dry_run" className="size-4 accent-accent" />
          {reconcile.dryRun}
        </label>
      </div>
      {start.error && wrong === undefined && <ProblemPanel error={start.error} />}
    </form>
  );
}
