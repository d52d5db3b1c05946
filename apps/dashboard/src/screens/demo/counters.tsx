import { problemOf } from "../../api/problem-of.ts";
import { demo as words } from "../../messages/demo.ts";
import { Button } from "../../parts/button.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatTimeWithSeconds } from "../../time/format-time.ts";
import { isNoDemo } from "./demo-api.ts";
import type { DemoState } from "./demo-watch.ts";

const text = words.counters;

interface CountersProps {
  state: DemoState;
  onRestart: () => void;
}

/** What was sent, shown, lost and doubled, as numbers and in words. */
export function Counters({ state, onRestart }: CountersProps) {
  const zone = useZone();
  const { sent = 0, shown = 0, lost = 0, doubled = 0 } = state.figures ?? {};
  const { since } = state;
  return (
    <section aria-label={text.title} className="panel overflow-hidden">
      <dl className="grid grid-cols-2 gap-px bg-line lg:grid-cols-4">
        <Figure name={text.sent} value={sent} says={text.sentText} icon="send" />
        <Figure name={text.shown} value={shown} says={text.shownText} icon="eye" />
        <Figure
          name={text.lost}
          value={lost}
          says={lost === 0 ? text.noneLost : text.someLost}
          isGood={lost === 0}
        />
        <Figure
          name={text.doubled}
          value={doubled}
          says={doubled === 0 ? text.noneDoubled : text.someDoubled}
          isGood={doubled === 0}
        />
      </dl>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line px-4 py-2.5 text-sm text-muted sm:px-5">
        <p>
          {since !== null &&
            text.since(
              formatTimeWithSeconds(new Date(since.at).toISOString(), zone),
              since.position + 1,
            )}{" "}
          {standing(state)}
        </p>
        <Button icon="retry" onClick={onRestart}>
          {text.restart}
        </Button>
      </div>
    </section>
  );
}

/** How far the counting is, in words. */
function standing({ figures, isPaused, error }: DemoState): string {
  if (isNoDemo(error)) return text.notRunning;
  if (error !== null) return text.unreachable(problemOf(error).title);
  if (figures === null) return text.beginning;
  if (isPaused) return text.paused;
  if (figures.underWay > 0) return text.underWay(figures.underWay);
  return figures.lost === 0 ? text.settled : "";
}

interface FigureProps {
  name: string;
  value: number;
  /** What the number means, in words. */
  says: string;
  icon?: IconName;
  /** Whether the number is as it should be; absent for one that may be anything. */
  isGood?: boolean;
}

function Figure({ name, value, says, icon, isGood }: FigureProps) {
  const tone = isGood === undefined ? "text-muted" : isGood ? "text-ok" : "text-bad";
  return (
    <div className="flex min-w-0 flex-col bg-surface px-4 py-3.5 sm:px-5" data-figure={name}>
      <dt className="text-sm font-medium">{name}</dt>
      <dd className="mt-0.5">
        <span
          className={`block text-3xl leading-9 font-semibold ${isGood === false ? "text-bad" : ""}`}
        >
          {words.number(value)}
        </span>{" "}
        <span className={`mt-1 flex items-start gap-1.5 text-sm leading-snug ${tone}`}>
          <Icon name={icon ?? (isGood === true ? "check" : "warn")} className="mt-0.5 size-3.5" />
          {says}
        </span>
      </dd>
    </div>
  );
}
