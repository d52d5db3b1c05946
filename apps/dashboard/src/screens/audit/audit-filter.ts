import { auditEntities } from "@slotwire/contract";
import type { AuditSearch } from "../../api/search.ts";
import { startOfDay } from "../../time/start-of-day.ts";
import { addDays, type Day } from "../../time/zoned-day.ts";
import type { AuditFilter } from "./queries.ts";

/**
 * What the hub is asked for.
 * @param zone the organisation's, whose days the period is made of
 */
export function filterOf(search: AuditSearch, today: Day, zone: string): AuditFilter {
  const { actor, thing } = search;
  // Whatever stands in the address: the hub refuses what is no thing of the log.
  const entity = auditEntities.find((known) => known === search.entity);
  const { first, last } = daysOf(search, today);
  return {
    ...(actor === undefined ? {} : { actor_id: actor }),
    ...(entity === undefined ? {} : { entity }),
    ...(thing === undefined ? {} : { entity_id: thing }),
    ...(first === undefined ? {} : { from: startOfDay(first, zone) }),
    ...(last === undefined ? {} : { to: startOfDay(addDays(last, 1), zone) }),
  };
}

/** The first and the last day of the period; undefined where it has no end. */
function daysOf({ period, from, to }: AuditSearch, today: Day): { first?: Day; last?: Day } {
  switch (period) {
    case "today":
      return { first: today };
    case "week":
      return { first: addDays(today, -6) };
    case "month":
      return { first: addDays(today, -29) };
    case "custom":
      return {
        ...(from === undefined ? {} : { first: from }),
        ...(to === undefined ? {} : { last: to }),
      };
    case undefined:
  }
  return {};
}

/** Whether anything narrows the log. */
export function isFiltered(search: AuditSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}
