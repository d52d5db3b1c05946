import { Link, useNavigate } from "@tanstack/react-router";
import { t } from "../../messages/messages.ts";
import { Icon } from "../../parts/icon.tsx";
import { addDays, isDay, type Day } from "../../time/zoned-day.ts";

const step =
  "inline-flex h-9 min-w-9 items-center justify-center px-2.5 text-sm font-medium text-ink hover:bg-raised";

/** Goes from day to day; the day stands in the address. */
export function DaySwitch({ day, today }: { day: Day; today: Day }) {
  const navigate = useNavigate();
  const search = (to: Day) => (to === today ? {} : { on: to });
  return (
    <div className="flex items-center gap-2">
      <div className="inline-flex divide-x divide-line overflow-hidden rounded-lg border border-line-strong bg-surface">
        <Link
          to="/"
          search={search(addDays(day, -1))}
          aria-label={t.today.previousDay}
          className={step}
        >
          <Icon name="previous" />
        </Link>
        <Link to="/" search={{}} className={step}>
          {t.today.goToToday}
        </Link>
        <Link to="/" search={search(addDays(day, 1))} aria-label={t.today.nextDay} className={step}>
          <Icon name="next" />
        </Link>
      </div>
      <input
        type="date"
        aria-label={t.today.chooseDay}
        className="field hidden min-h-9 w-auto text-sm sm:block"
        value={day}
        onChange={(event) => {
          const chosen = event.target.value;
          if (isDay(chosen)) void navigate({ to: "/", search: search(chosen) });
        }}
      />
    </div>
  );
}
