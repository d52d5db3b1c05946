import { Link, useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { t } from "../../messages/messages.ts";
import { Icon } from "../../parts/icon.tsx";
import { addDays, isDay, type Day } from "../../time/zoned-day.ts";

const step =
  "inline-flex h-9 min-w-9 items-center justify-center px-2.5 text-sm font-medium text-ink hover:bg-raised";

/** Goes from day to day; the day stands in the address. */
export function DaySwitch({ day, today }: { day: Day; today: Day }) {
  const search = (to: Day) => (to === today ? {} : { on: to });
  return (
    <div className="inline-flex divide-x divide-line rounded-lg border border-line-strong bg-surface">
      <Link
        to="/"
        search={search(addDays(day, -1))}
        aria-label={t.today.previousDay}
        className={`${step} rounded-l-lg`}
      >
        <Icon name="previous" />
      </Link>
      <Link to="/" search={{}} className={step}>
        {t.today.goToToday}
      </Link>
      <Link to="/" search={search(addDays(day, 1))} aria-label={t.today.nextDay} className={step}>
        <Icon name="next" />
      </Link>
      <DayChoice day={day} search={search} />
    </div>
  );
}

interface DayChoiceProps {
  day: Day;
  search: (to: Day) => { on?: string };
}

/** Opens the browser's own calendar; its field would only repeat the heading, in another format. */
function DayChoice({ day, search }: DayChoiceProps) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  return (
    <span className="relative inline-flex">
      <button
        type="button"
        aria-label={t.today.chooseDay}
        title={t.today.chooseDay}
        className={`${step} rounded-r-lg`}
        onClick={() => field.current?.showPicker()}
      >
        <Icon name="today" />
      </button>
      <input
        ref={field}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        className="pointer-events-none absolute right-0 bottom-0 size-px opacity-0"
        value={day}
        onChange={(event) => {
          const chosen = event.target.value;
          if (isDay(chosen)) void navigate({ to: "/", search: search(chosen) });
        }}
      />
    </span>
  );
}
