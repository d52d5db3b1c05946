import type { BookingResource, CommandKind } from "@slotwire/contract";
import { useId, useState } from "react";
import { changes } from "../../messages/changes.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatDateTime, formatTime } from "../../time/format-time.ts";
import { instantOf } from "../../time/instant-of.ts";
import { dayOf, type Day } from "../../time/zoned-day.ts";
import { who } from "../today/who.ts";
import { useChange } from "./use-change.ts";

interface ChangeDialogProps {
  kind: CommandKind;
  booking: BookingResource;
  /** The source that is asked; null when the change is made here. */
  sourceName: string | null;
  onClose: () => void;
}

/** Asks once more, with the reason and, for a move, the new start. */
export function ChangeDialog({ kind, booking, sourceName, onClose }: ChangeDialogProps) {
  const zone = useZone();
  const change = useChange(booking.id);
  const [reason, setReason] = useState("");
  const [start, setStart] = useState<Start>({
    day: dayOf(booking.starts_at, zone),
    time: formatTime(booking.starts_at, zone),
  });
  const form = useId();
  const times = kind === "reschedule" ? timesFrom(start, booking, zone) : null;
  const isReady = kind !== "reschedule" || times !== null;
  const submit = (): void => {
    if (!isReady || change.isPending) return;
    change.mutate({ kind, reason, ...times }, { onSuccess: onClose });
  };
  return (
    <Dialog title={changes.questions[kind](who(booking).name)} onClose={onClose}>
      <form
        id={form}
        className="space-y-4 pb-5"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <p className="text-muted">
          {formatDateTime(booking.starts_at, zone)} · {t.details.zoneNote(zone)}
        </p>
        {kind === "reschedule" && (
          <NewStart start={start} end={times?.ends_at ?? null} zone={zone} onChange={setStart} />
        )}
        {kind !== "confirm" && kind !== "no_show" && (
          <FormField label={changes.reason} hint={changes.reasonHint(sourceName)}>
            {(ids) => (
              <textarea
                {...ids}
                rows={2}
                maxLength={500}
                className="field"
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </FormField>
        )}
        {change.error && <ProblemPanel error={change.error} />}
      </form>
      <DialogActions>
        <Button onClick={onClose}>{changes.keep}</Button>
        <Button type="submit" form={form} weight="primary" disabled={!isReady || change.isPending}>
          {change.isPending ? changes.sending : changes.actions[kind]}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface Start {
  readonly day: Day;
  readonly time: string;
}

interface NewStartProps {
  start: Start;
  end: string | null;
  zone: string;
  onChange: (start: Start) => void;
}

function NewStart({ start, end, zone, onChange }: NewStartProps) {
  return (
    <div>
      <div className="grid grid-cols-2 gap-3">
        <FormField label={changes.day}>
          {(ids) => (
            <input
              {...ids}
              type="date"
              required
              className="field"
              value={start.day}
              onChange={(event) => onChange({ ...start, day: event.target.value })}
            />
          )}
        </FormField>
        <FormField label={changes.time}>
          {(ids) => (
            <input
              {...ids}
              type="time"
              required
              className="field"
              value={start.time}
              onChange={(event) => onChange({ ...start, time: event.target.value })}
            />
          )}
        </FormField>
      </div>
      <p className="mt-1 text-xs text-muted" aria-live="polite">
        {end === null ? changes.noSuchTime : changes.until(formatTime(end, zone))}
      </p>
    </div>
  );
}

/** The new times, as long as before; null for no time, or one that clocks skip. */
function timesFrom(
  { day, time }: Start,
  booking: BookingResource,
  zone: string,
): { starts_at: string; ends_at: string } | null {
  const startsAt = instantOf(day, time, zone);
  if (startsAt === null) return null;
  const length = Date.parse(booking.ends_at) - Date.parse(booking.starts_at);
  return { starts_at: startsAt, ends_at: new Date(Date.parse(startsAt) + length).toISOString() };
}
