import type { Mapping, TriedMessage } from "@slotwire/contract";
import { useMutation } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { mappingWords } from "../../messages/mapping.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Chip, type Look } from "../../parts/chip.tsx";
import { fieldName, valueWords } from "../../parts/field-words.ts";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { summaryOf } from "../../parts/summary-of.ts";
import { toldWords } from "../../parts/told-words.ts";
import { Warning } from "../../parts/warning.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";
import { outcomeWords } from "../inbox/outcome-words.ts";
import { isSameMapping } from "./draft.ts";

interface TrialProps {
  connectionId: string;
  draft: Mapping;
}

/** What the draft would make of the latest messages. */
export function Trial({ connectionId, draft }: TrialProps) {
  const words = mappingWords.trial;
  const trial = useMutation({
    mutationFn: (mapping: Mapping) => hub.connections.tryMapping(connectionId, { mapping }),
  });
  const isOld = trial.variables !== undefined && !isSameMapping(trial.variables, draft);
  return (
    <Section title={words.title} text={words.text}>
      <div className="flex flex-wrap items-center gap-3">
        <Button icon="play" disabled={trial.isPending} onClick={() => trial.mutate(draft)}>
          {trial.isPending ? words.running : trial.data ? words.again : words.run}
        </Button>
        {trial.data && isOld && <span className="text-sm text-warn">{words.outOfDate}</span>}
      </div>
      {trial.error && (
        <div className="mt-4">
          <ProblemPanel error={trial.error} />
        </div>
      )}
      {trial.data?.messages.length === 0 && <p className="mt-3 text-muted">{words.none}</p>}
      {trial.data && trial.data.messages.length > 0 && (
        <ul aria-label={words.title} className="mt-4 divide-y divide-line border-y border-line">
          {trial.data.messages.map((message) => (
            <li key={message.message_id}>
              <Tried message={message} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Tried({ message }: { message: TriedMessage }) {
  const zone = useZone();
  return (
    <div className="grid gap-x-4 gap-y-1 py-2.5 sm:grid-cols-[8rem_11rem_minmax(0,1fr)]">
      <span className="text-sm text-muted">{formatShortDateTime(message.received_at, zone)}</span>
      <span>
        <Chip look={lookOf(message.outcome)}>{outcomeWords(message.outcome)}</Chip>
      </span>
      <div className="min-w-0">
        <p className="wrap-anywhere">
          {message.description === "" && message.trigger === null
            ? t.app.none
            : summaryOf(message, zone)}
        </p>
        {message.reason !== null && (
          <p className="text-sm text-muted">{toldWords(message.reason, zone)}</p>
        )}
        {message.warning !== null && <Warning text={message.warning} />}
        {message.changes.length > 0 && message.booking_number !== null && (
          <ul className="mt-0.5 text-sm text-muted">
            {message.changes.map(({ field, old, new: fresh }) => (
              <li key={field} className="wrap-anywhere">
                {fieldName(field)}: <s>{valueWords(field, old, zone)}</s> →{" "}
                {valueWords(field, fresh, zone)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function lookOf(outcome: string): Look {
  switch (outcome) {
    case "failed":
    case "refused":
    case "unavailable":
      return { tone: "bad", icon: "warn" };
    case "waiting":
      return { tone: "warn", icon: "clock" };
    case "unchanged":
    case "stale":
    case "ignored":
      return { tone: "quiet", icon: "equal" };
    default:
      return { tone: "ok", icon: "check" };
  }
}
