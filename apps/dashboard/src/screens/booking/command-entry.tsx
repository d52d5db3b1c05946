import type { CommandResource } from "@slotwire/contract";
import { changes } from "../../messages/changes.ts";
import { t } from "../../messages/messages.ts";
import { useZone } from "../../session/use-session.ts";
import { formatDateTime, formatTimeWithSeconds } from "../../time/format-time.ts";

/** What a booking's source was asked for, as an entry of the timeline. */
export function CommandEntry({ command }: { command: CommandResource }) {
  const zone = useZone();
  const { kind, status, requested_by: by, source_name: source } = command;
  const word = changes.timeline.status[status];
  const end = command.settled_at ?? command.accepted_at;
  return (
    <>
      <p className="font-medium">{changes.timeline.asked[kind](source)}</p>
      <p className="text-sm text-muted">
        <time dateTime={command.created_at}>{formatDateTime(command.created_at, zone)}</time>{" "}
        {t.details.by(by.name ?? t.details.actor[by.kind])}
      </p>
      <div className="mt-2 space-y-1 rounded-lg bg-raised px-3 py-2 text-sm">
        {command.starts_at && <p>{changes.movesTo(formatDateTime(command.starts_at, zone))}</p>}
        {command.reason && <p className="wrap-anywhere">“{command.reason}”</p>}
        <p className="font-medium">
          {end === null ? word : changes.timeline.settledAt(word, formatTimeWithSeconds(end, zone))}
        </p>
        {command.problem && <p className="wrap-anywhere">{command.problem.message}</p>}
      </div>
    </>
  );
}
