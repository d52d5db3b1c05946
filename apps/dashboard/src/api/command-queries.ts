import { type CommandResource, openCommandStatuses } from "@slotwire/contract";
import { queryOptions } from "@tanstack/react-query";
import { hub } from "./hub.ts";

/** How often what is on its way is read again, in milliseconds: no event tells of a refusal. */
const whilePending = 1_000;
/** Somebody else may ask for something. */
const otherwise = 10_000;

/** Whether it is still on its way. */
export function isOpen({ status }: CommandResource): boolean {
  return openCommandStatuses.includes(status);
}

/** What the source of a booking was asked for, the newest first. */
export const commandsQuery = (bookingId: string) =>
  queryOptions({
    queryKey: ["commands", "of", bookingId],
    queryFn: async () => (await hub.commands.list({ booking_id: bookingId, limit: 50 })).data,
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? whilePending : otherwise),
  });

/** Everything that is on its way, of all bookings. */
export const openCommandsQuery = queryOptions({
  queryKey: ["commands", "open"],
  queryFn: async () => (await hub.commands.list({ status: "open", limit: 200 })).data,
  refetchInterval: ({ state }) => (state.data?.length ? whilePending : otherwise),
});

/** What may be done with a booking in its present version. */
export const actionsQuery = (bookingId: string, version: number) =>
  queryOptions({
    queryKey: ["bookings", "actions", bookingId, version],
    queryFn: () => hub.bookings.actions(bookingId),
    // Some of it becomes possible by the clock.
    refetchInterval: 60_000,
  });
