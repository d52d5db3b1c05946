import type { BookingResource, CommandResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isOpen } from "../../api/command-queries.ts";
import { hub } from "../../api/hub.ts";
import { changes } from "../../messages/changes.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatDateTime, formatTime } from "../../time/format-time.ts";
import { useNow } from "../../time/use-now.ts";

/** For how long a refusal is shown above the booking; the timeline keeps it. Milliseconds. */
const shownFor = 24 * 60 * 60 * 1000;

interface CommandStateProps {
  /** The last thing that the booking's source was asked for. */
  command: CommandResource;
  booking: BookingResource;
  mayChange: boolean;
  onAgain: () => void;
}

/** What is on its way to the source, or why it was refused. Whoever cannot see it is told. */
export function CommandState({ command, booking, mayChange, onAgain }: CommandStateProps) {
  const now = useNow();
  const [isHidden, setIsHidden] = useState(false);
  const isFailed = command.status === "refused" || command.status === "expired";
  const isRecent = now - Date.parse(command.settled_at ?? "") < shownFor;
  const isOvertaken = command.settled_at !== null && booking.updated_at > command.settled_at;
  const showsFailure = isFailed && isRecent && !isOvertaken && !isHidden;
  return (
    <div aria-live="polite">
      {isOpen(command) && <Pending command={command} mayChange={mayChange} />}
      {showsFailure && (
        <Failure
          command={command}
          mayChange={mayChange}
          onAgain={onAgain}
          onHide={() => setIsHidden(true)}
        />
      )}
    </div>
  );
}

function Pending({ command, mayChange }: Pick<CommandStateProps, "command" | "mayChange">) {
  const zone = useZone();
  const { kind, source_name: source, problem, next_attempt_at: next } = command;
  return (
    <section className="panel flex gap-3 border-warn p-4" data-pending={kind}>
      <Icon name="clock" className="mt-0.5 size-5 text-warn" />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="font-semibold">{changes.pending[kind](source)}</p>
        {command.starts_at && <p>{changes.movesTo(formatDateTime(command.starts_at, zone))}</p>}
        <p className="text-sm text-muted">{changes.state[command.status]}</p>
        {problem && (
          <p className="text-sm wrap-anywhere">
            {problem.message} {next && changes.triesAgain(formatTime(next, zone))}
          </p>
        )}
        {mayChange && command.status === "queued" && <Withdraw command={command} />}
      </div>
    </section>
  );
}

function Withdraw({ command }: Pick<CommandStateProps, "command">) {
  const queries = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => hub.commands.withdraw(command.id),
    onSettled: () => queries.invalidateQueries({ queryKey: ["commands"] }),
  });
  return (
    <div className="space-y-2 pt-2">
      <Button disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
        {changes.withdraw}
      </Button>
      {withdraw.error && <ProblemPanel error={withdraw.error} />}
    </div>
  );
}

interface FailureProps extends Pick<CommandStateProps, "command" | "mayChange" | "onAgain"> {
  onHide: () => void;
}

function Failure({ command, mayChange, onAgain, onHide }: FailureProps) {
  return (
    <section className="panel flex gap-3 border-bad p-4" data-refused={command.kind}>
      <Icon name="warn" className="mt-0.5 size-5 text-bad" />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="font-semibold">{changes.refused[command.kind](command.source_name)}</p>
        {command.problem && <p className="wrap-anywhere">{command.problem.message}</p>}
        <p className="text-sm text-muted">{changes.unchanged}</p>
        <div className="flex flex-wrap gap-2 pt-2">
          {mayChange && (
            <Button icon="retry" onClick={onAgain}>
              {t.app.tryAgain}
            </Button>
          )}
          <Button weight="ghost" onClick={onHide}>
            {changes.hide}
          </Button>
        </div>
      </div>
    </section>
  );
}
