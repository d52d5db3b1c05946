import type { CommandResource, TimelineEntry } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { commandsQuery } from "../../api/command-queries.ts";
import { timelineQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { spineColour } from "../../parts/booking-status.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { Warning } from "../../parts/warning.tsx";
import { useMay } from "../../session/use-may.ts";
import { useZone } from "../../session/use-session.ts";
import { formatDateTime } from "../../time/format-time.ts";
import { CommandEntry } from "./command-entry.tsx";
import { fieldChanges, type FieldChange } from "./field-changes.ts";

/** Why a booking is as it is: everything that happened to it, newest first. */
export function Timeline({ bookingId }: { bookingId: string }) {
  const query = useQuery(timelineQuery(bookingId));
  // Those of the timeline itself stand still between two events.
  const commands = useQuery(commandsQuery(bookingId)).data ?? query.data?.commands ?? [];
  return (
    <section className="panel p-5" aria-labelledby="why">
      <h2 id="why" className="font-semibold">
        {t.details.why}
      </h2>
      <p className="mb-4 text-sm text-muted">{t.details.whyHint}</p>
      {query.isPending && <ListSkeleton lines={3} />}
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <ol className="space-y-5">
        {inOrder(query.data?.data ?? [], query.isSuccess ? commands : []).map(
          ({ entry, command }, position, all) => (
            <Dot
              key={entry?.id ?? command?.id}
              colour={entry === undefined ? "bg-line-strong" : spineColour(entry.new_status)}
              isLast={position === all.length - 1}
            >
              {entry && <Entry entry={entry} />}
              {command && <CommandEntry command={command} />}
            </Dot>
          ),
        )}
      </ol>
    </section>
  );
}

interface Line {
  readonly at: string;
  readonly entry?: TimelineEntry;
  readonly command?: CommandResource;
}

/** Events and requests to the source together, newest first. */
function inOrder(
  entries: readonly TimelineEntry[],
  commands: readonly CommandResource[],
): readonly Line[] {
  const lines: Line[] = [
    ...entries.map((entry) => ({ at: entry.recorded_at, entry })),
    ...commands.map((command) => ({ at: command.created_at, command })),
  ];
  return lines.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

interface DotProps {
  colour: string;
  isLast: boolean;
  children: ReactNode;
}

function Dot({ colour, isLast, children }: DotProps) {
  return (
    <li className="relative pl-6">
      <span
        aria-hidden="true"
        className={`absolute top-1.5 left-0 size-2.5 rounded-full ring-4 ring-surface ${colour}`}
      />
      {!isLast && (
        <span aria-hidden="true" className="absolute top-4 -bottom-6 left-1 w-px bg-line" />
      )}
      {children}
    </li>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const zone = useZone();
  const actor = entry.actor.name ?? t.details.actor[entry.actor.kind];
  return (
    <>
      <p className="font-medium">{entry.description}</p>
      <p className="text-sm text-muted">
        <time dateTime={entry.occurred_at}>{formatDateTime(entry.occurred_at, zone)}</time>{" "}
        {t.details.by(actor)}
      </p>
      {entry.irregular && <Warning text={t.details.irregular} />}
      <Changes changes={fieldChanges(entry, zone)} />
      <Cause message={entry.message} />
    </>
  );
}

function Changes({ changes }: { changes: readonly FieldChange[] }) {
  if (changes.length === 0) return null;
  return (
    <dl className="mt-2 space-y-1 rounded-lg bg-raised px-3 py-2 text-sm">
      {changes.map((change) => (
        <div key={change.field} className="grid gap-x-3 sm:grid-cols-[7rem_minmax(0,1fr)]">
          <dt className="text-muted">{change.name}</dt>
          <dd className="min-w-0 [overflow-wrap:anywhere]">
            <del className="text-muted">
              <span className="sr-only">{t.details.before} </span>
              {change.before}
            </del>{" "}
            <span aria-hidden="true" className="text-muted">
              →
            </span>{" "}
            <ins className="font-medium no-underline">
              <span className="sr-only">{t.details.after} </span>
              {change.after}
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Cause({ message }: { message: TimelineEntry["message"] }) {
  const may = useMay();
  if (message === null) return null;
  const name = message.trigger ?? t.inbox.unnamed;
  return (
    <>
      {message.warning !== null && <Warning text={message.warning} />}
      <p className="mt-2 text-sm text-muted">
        {t.details.messageThatLed}{" "}
        {may("inbox:read") ? (
          <Link
            to="/inbox/$messageId"
            params={{ messageId: message.id }}
            className="font-medium text-accent hover:underline"
          >
            {name}
          </Link>
        ) : (
          name
        )}
        {message.duplicate_count > 0 && ` · ${t.inbox.told(message.duplicate_count + 1, 1)}`}
      </p>
    </>
  );
}
