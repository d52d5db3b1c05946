"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { BookingResource } from "@slotwire/contract";
import { useEffect, useMemo } from "react";
import { createLiveBookings } from "./live-bookings.ts";
import type { Connection } from "./live-store.ts";
import { readDayBookings } from "./read-day-bookings.ts";
import { dayOf } from "./time/format-time.ts";
import { useNow } from "./time/use-now.ts";
import { ownZone, useZone } from "./time/use-zone.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useStore, useStored } from "./use-store.ts";

export interface UseTodayOptions {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** False stops following, and keeps what is shown. */
  readonly enabled?: boolean;
  /** `YYYY-MM-DD` in the organisation's zone; today when absent, also after midnight. */
  readonly date?: string | undefined;
  /** Only visits at this place, in any case of letters. */
  readonly location?: string | undefined;
  /** Only those of one provider: their e-mail address, or the id of the member who it is. */
  readonly provider?: string | undefined;
  /** IANA name of the organisation's zone; the provider's, or asked of the hub, when absent. */
  readonly timeZone?: string;
  /** What a server has read. */
  readonly initialBookings?: readonly BookingResource[] | undefined;
}

export interface UseTodayResult extends Connection {
  /** By their beginning; also those that were cancelled. */
  readonly bookings: readonly BookingResource[];
  /** The day that is shown, `YYYY-MM-DD`; null until the organisation's zone is known. */
  readonly date: string | null;
  readonly timeZone: string | null;
  readonly isLoading: boolean;
  /** What the last reading failed by; null after one that did not. */
  readonly failure: Error | null;
  /** Reads them again; what is shown stays meanwhile. */
  readonly reload: () => void;
  /** Reads them again, and connects anew. */
  readonly retry: () => void;
}

const nothing: readonly BookingResource[] = [];

/** A day's bookings, kept as they are: what is booked, moved in, moved out, cancelled or reassigned. */
export function useToday({
  enabled = true,
  date,
  location,
  provider,
  timeZone,
  initialBookings,
  client: given,
}: UseTodayOptions = {}): UseTodayResult {
  const client = useSlotwireClient(given);
  const told = useZone(client, timeZone);
  const zone = told === null ? ownZone() : (told ?? null);
  const now = useNow();
  const day = date ?? (zone === null || now === null ? null : dayOf(now, zone));
  const part = { location, provider };
  const belongs = (booking: BookingResource): boolean =>
    booking.deleted_at === null &&
    dayOf(booking.starts_at, zone ?? "UTC") === day &&
    (location === undefined || isSame(booking.location, location));
  const store = useStore(
    () =>
      createLiveBookings(client, {
        // The hub alone knows whose an event is; where it is, and when, the booking itself says.
        filter: provider === undefined ? undefined : part,
        ask: () => readDayBookings(client, { ...part, on: day ?? "today" }),
        belongs,
        // Who a provider is, their id does not tell.
        isUnclear: ({ changed_fields: changed }) =>
          provider !== undefined && changed.includes("provider"),
        // On the next day it is nothing any more.
        initial:
          day === null || initialBookings?.some(belongs) === true ? initialBookings : undefined,
      }),
    client,
    JSON.stringify([day, zone, part]),
  );
  const isOn = enabled && day !== null && zone !== null;
  useEffect(() => store.enable(isOn), [store, isOn]);
  const { bookings: known, isChanging: _, ...state } = useStored(store);
  const bookings = useMemo(
    () => (known === null ? nothing : [...known.values()].toSorted(byBeginning)),
    [known],
  );
  return {
    ...state,
    bookings,
    date: day,
    timeZone: zone,
    isLoading: enabled && known === null && state.failure === null,
    error: state.failure?.message ?? state.error,
    reload: store.reload,
    retry: store.retry,
  };
}

const isSame = (place: string | null, asked: string): boolean =>
  place?.toLowerCase() === asked.toLowerCase();

const byBeginning = (one: BookingResource, other: BookingResource): number =>
  one.starts_at.localeCompare(other.starts_at) || one.booking_number - other.booking_number;
