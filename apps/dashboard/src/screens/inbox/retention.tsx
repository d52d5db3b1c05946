import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useMay } from "../../session/use-may.ts";

const words = operate.retention;

const organisationQuery = queryOptions({
  queryKey: ["organisation"],
  queryFn: () => hub.organisation.get(),
  staleTime: 60_000,
});

/** How long the bodies of messages are kept; who may change it can. */
export function Retention() {
  const { data } = useQuery(organisationQuery);
  const mayChange = useMay()("organisation:manage");
  const [isOpen, setIsOpen] = useState(false);
  if (data === undefined) return null;
  return (
    <p className="mt-3 flex flex-wrap items-center gap-x-2 text-sm text-muted">
      {words.days(data.raw_message_days)}
      {mayChange && (
        <Button weight="ghost" aria-label={words.changeLabel} onClick={() => setIsOpen(true)}>
          {words.change}
        </Button>
      )}
      {isOpen && <RetentionDialog days={data.raw_message_days} onClose={() => setIsOpen(false)} />}
    </p>
  );
}

function RetentionDialog({ days, onClose }: { days: number; onClose: () => void }) {
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (raw_message_days: number) => hub.organisation.update({ raw_message_days }),
    onSuccess: (organisation) => {
      queries.setQueryData(organisationQuery.queryKey, organisation);
      onClose();
    },
  });
  return (
    <Dialog title={words.title} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(Number(new FormData(event.currentTarget).get("days")));
        }}
      >
        <FormField label={words.label} hint={words.text}>
          {(ids) => (
            <input
              {...ids}
              name="days"
              type="number"
              min={1}
              max={3650}
              required
              defaultValue={days}
              className="field w-28"
            />
          )}
        </FormField>
        {save.error && <ProblemPanel error={save.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={save.isPending}>
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
