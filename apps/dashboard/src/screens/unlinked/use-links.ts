import type { BookingResource, LinkBooking } from "@slotwire/contract";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import type { Done } from "./done.ts";

/** A booking and to whom it is to be linked. */
export interface LinkWish {
  readonly booking: BookingResource;
  readonly link: LinkBooking;
}

async function readAgain(queries: QueryClient): Promise<void> {
  await Promise.all(
    ["unlinked", "bookings", "customers"].map((key) =>
      queries.invalidateQueries({ queryKey: [key] }),
    ),
  );
}

/** Links a booking in the version that is shown. */
export function useLink(onLinked: (booking: BookingResource) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ booking, link }: LinkWish) =>
      hub.bookings.link(booking.id, link, booking.version),
    onSuccess: (booking) => {
      onLinked(booking);
      return readAgain(queries);
    },
    // Somebody else may have been faster: what is shown is read again.
    onError: () => readAgain(queries),
  });
}

/** Takes a booking's link away. */
export function useUnlink(onUnlinked: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (bookingId: string) => hub.bookings.unlink(bookingId),
    onSuccess: () => {
      onUnlinked();
      return readAgain(queries);
    },
  });
}

/** Takes a booking out of the list. */
export function useDismiss(onDismissed: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (bookingId: string) => hub.bookings.dismissLink(bookingId, true),
    onSuccess: () => {
      onDismissed();
      return readAgain(queries);
    },
  });
}

/** Undoes what was done last. */
export function useUndo(onUndone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, bookingId }: Done) =>
      kind === "linked"
        ? hub.bookings.unlink(bookingId)
        : hub.bookings.dismissLink(bookingId, false),
    onSuccess: () => {
      onUndone();
      return readAgain(queries);
    },
  });
}
