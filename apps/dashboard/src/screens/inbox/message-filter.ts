import type { InboundMessageFilter } from "@slotwire/contract";
import type { InboxSearch } from "../../api/search.ts";
import { startOfDay } from "../../time/start-of-day.ts";
import { addDays } from "../../time/zoned-day.ts";

/**
 * The messages that the address of the inbox means.
 * @param zone IANA zone in which its days begin
 */
export function filterOf(search: InboxSearch, zone: string): InboundMessageFilter {
  const { status, connection, trigger, action, q, from, to, warning } = search;
  const filter = {
    status,
    connection_id: connection,
    trigger,
    action,
    q: q?.trim() === "" ? undefined : q,
    from: from === undefined ? undefined : startOfDay(from, zone),
    to: to === undefined ? undefined : startOfDay(addDays(to, 1), zone),
    warning: warning === undefined ? undefined : true,
  };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** Whether the address narrows the inbox. */
export function isFiltered(search: InboxSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}
