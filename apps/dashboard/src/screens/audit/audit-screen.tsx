import type { AuditEntry } from "@slotwire/contract";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { access } from "../../messages/access.ts";
import { EmptyState } from "../../parts/empty-state.tsx";
import { MoreButton } from "../../parts/more-button.tsx";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatDay } from "../../time/format-time.ts";
import { useNow } from "../../time/use-now.ts";
import { addDays, dayOf, type Day } from "../../time/zoned-day.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { filterOf, isFiltered } from "./audit-filter.ts";
import { EntryRow } from "./entry-row.tsx";
import { auditQuery } from "./queries.ts";

const route = getRouteApi("/app/settings/audit");

/** Who did what, day by day. */
export function AuditScreen() {
  const search = route.useSearch();
  const zone = useZone();
  const today = dayOf(useNow(), zone);
  const query = useInfiniteQuery(auditQuery(filterOf(search, today, zone)));
  const entries = query.data?.pages.flatMap((page) => page.data) ?? [];
  const narrowed = isFiltered(search);
  return (
    <div className="mx-auto max-w-5xl">
      <PageHeader title={access.audit.title} below={access.audit.intro} />
      <AuditFilters search={search} today={today} />
      {query.error && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      <div className="panel overflow-clip">
        {query.isPending && <ListSkeleton lines={8} />}
        {query.isSuccess && entries.length === 0 && (
          <EmptyState
            icon="log"
            title={narrowed ? access.audit.emptyFilteredTitle : access.audit.emptyTitle}
            text={narrowed ? access.audit.emptyFilteredText : access.audit.emptyText}
          />
        )}
        {byDay(entries, zone).map(([day, ofDay]) => (
          <section key={day} aria-labelledby={`day-${day}`}>
            <h2
              id={`day-${day}`}
              className="sticky top-0 z-10 border-b border-line bg-raised px-4 py-1.5 text-sm font-semibold sm:px-5"
            >
              {dayWords(day, today)}
            </h2>
            <ul className="divide-y divide-line border-b border-line">
              {ofDay.map((entry) => (
                <EntryRow key={entry.id} entry={entry} zone={zone} />
              ))}
            </ul>
          </section>
        ))}
        <MoreButton query={query} />
      </div>
    </div>
  );
}

function byDay(entries: readonly AuditEntry[], zone: string): [Day, AuditEntry[]][] {
  const days = new Map<Day, AuditEntry[]>();
  for (const entry of entries) {
    const day = dayOf(entry.at, zone);
    const known = days.get(day);
    if (known === undefined) days.set(day, [entry]);
    else known.push(entry);
  }
  return [...days];
}

function dayWords(day: Day, today: Day): string {
  const words = formatDay(day);
  if (day === today) return `${access.audit.today} · ${words}`;
  if (day === addDays(today, -1)) return `${access.audit.yesterday} · ${words}`;
  return day.slice(0, 4) === today.slice(0, 4) ? words : `${words} ${day.slice(0, 4)}`;
}
