"use client";

import type { ChangedBooking, SlotwireClient } from "@slotwire/client";
import type { BookingResource } from "@slotwire/contract";
import { useCallback, useEffect } from "react";
import { type BookingPatch, createLiveBookings } from "./live-bookings.ts";
import type { Connection } from "./live-store.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useStore, useStored } from "./use-store.ts";

export interface UseBookingOptions {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** False stops following, and keeps what is shown. */
  readonly enabled?: boolean;
  /** What a server has read. */
  readonly initialBooking?: BookingResource;
}

export interface UseBookingResult extends Connection {
  /** As it is now, with changes that are on their way; null until it is read, and when it is gone. */
  readonly booking: BookingResource | null;
  readonly isLoading: boolean;
  /** It is not there, or not the reader's to see: it may have become somebody else's. */
  readonly isGone: boolean;
  /** Whether a change is shown that the hub has not answered yet. */
  readonly isChanging: boolean;
  /**
   * Shows a change at once, until the hub has answered or the booking has got a newer version.
   * @param send makes it, for example by `client.bookings.reschedule`, with `booking.version` as its
   *   `ifVersion`
   * @throws whatever `send` throws; the booking is shown as it is
   */
  readonly change: (
    patch: BookingPatch,
    send: (booking: BookingResource) => Promise<ChangedBooking>,
  ) => Promise<ChangedBooking>;
  /** Reads it again, and connects anew. */
  readonly retry: () => void;
}

/**
 * One booking as it is: read once, and kept by its events from then on.
 * @param id null or undefined as long as it is not known
 */
export function useBooking(
  id: string | null | undefined,
  { client: given, enabled = true, initialBooking }: UseBookingOptions = {},
): UseBookingResult {
  const client = useSlotwireClient(given);
  // The hub takes ids in any case, and says them in lower case.
  const bookingId = id?.toLowerCase() ?? "";
  const store = useStore(
    () =>
      createLiveBookings(client, {
        ask: async () => [await client.bookings.get(bookingId)],
        belongs: (booking) => booking.id === bookingId,
        initial: initialBooking?.id === bookingId ? [initialBooking] : undefined,
      }),
    client,
    bookingId,
  );
  const isOn = enabled && bookingId !== "";
  useEffect(() => store.enable(isOn), [store, isOn]);
  const { bookings, failure, ...state } = useStored(store);
  const change = useCallback<UseBookingResult["change"]>(
    (patch, send) => store.change(bookingId, patch, send),
    [store, bookingId],
  );
  const booking = bookings?.get(bookingId) ?? null;
  const isGone = bookings !== null && booking === null;
  return {
    ...state,
    booking,
    isGone,
    isLoading: isOn && bookings === null && failure === null,
    error: failure?.message ?? state.error,
    change,
    retry: store.retry,
  };
}
