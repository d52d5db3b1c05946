import type { DeliveryCountsQuery, DeliveryFilter, DeliveryListQuery } from "@slotwire/contract";
import type { DeliveriesSearch } from "../../api/search.ts";
import { startOfDay } from "../../time/start-of-day.ts";
import { addDays, isDay } from "../../time/zoned-day.ts";

/** Which deliveries the list asks for. */
export type ListChoice = Partial<Omit<DeliveryListQuery, "limit" | "cursor">>;

/**
 * The deliveries that an address means; what makes no sense in it is left for the hub to refuse.
 * @param zone IANA zone in which its days begin
 */
export function choiceOf(search: DeliveriesSearch, zone: string): ListChoice {
  const { status, destination, type, error, code, from, to, booking, reason, replay } = search;
  const number = booking === undefined ? null : /^#?(\d{1,15})$/.exec(booking.trim());
  const choice: Readonly<Record<keyof ListChoice, unknown>> = {
    status,
    destination_id: destination,
    booking_id: number === null ? booking : undefined,
    booking_number: number === null ? undefined : Number(number[1]),
    event_type: type,
    error_class: error,
    status_code: isWhole(code) ? Number(code) : code,
    skip_reason: reason,
    from: isDay(from) ? startOfDay(from, zone) : from,
    to: isDay(to) ? startOfDay(addDays(to, 1), zone) : to,
    replay_id: replay,
  };
  return Object.fromEntries(Object.entries(choice).filter(([, value]) => value !== undefined));
}

const isWhole = (text: string | undefined): boolean => text !== undefined && /^\d+$/.test(text);

/** What is counted for the tabs: whatever the status. */
export function countedOf({ status: _status, ...choice }: ListChoice): DeliveryCountsQuery {
  return choice;
}

/** What is sent anew: a replay's own deliveries and HTTP statuses are no part of such a filter. */
export function replayFilterOf(choice: ListChoice): DeliveryFilter {
  const { status_code: _code, replay_id: _replay, ...filter } = choice;
  return filter;
}

/** Whether an address narrows the list. */
export function isFiltered(search: DeliveriesSearch): boolean {
  return Object.values(search).some((value) => value !== undefined);
}

/** What is left out stays as it stands in the address, so that it has to be overwritten. */
export function withoutEmpty(
  search: Readonly<Record<string, string | undefined>>,
): DeliveriesSearch {
  return Object.fromEntries(
    Object.entries(search).map(([name, value]) => [name, value === "" ? undefined : value]),
  );
}
