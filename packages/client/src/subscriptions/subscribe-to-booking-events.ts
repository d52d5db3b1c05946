import type { BookingEvent } from "@slotwire/contract";
import type { SlotwireClient } from "../create-client.ts";
import type { LiveSubscriber } from "../live/subscription.ts";
import { enterSubscription } from "./booking-subscription-manager.ts";
import { defaultClient } from "./default-client.ts";

/** Where to begin, what else passes, and who is told of what is not an event. */
export interface SubscribeOptions extends Omit<LiveSubscriber, "onEvent"> {
  /** The default client, when absent. */
  readonly client?: SlotwireClient;
}

/**
 * Follows one booking. All subscriptions share one connection, and miss nothing while it is away.
 * @returns a function that unsubscribes
 */
export function subscribeToBookingEvents(
  bookingId: string,
  callback: (event: BookingEvent) => void,
  options?: SubscribeOptions,
): () => void {
  return subscribe("bookingId", bookingId, callback, options);
}

/**
 * Follows what a member does, and the bookings whose provider they are.
 * @param userId a member's id, or `me`
 * @returns a function that unsubscribes
 */
export function subscribeToUserBookingEvents(
  userId: string,
  callback: (event: BookingEvent) => void,
  options?: SubscribeOptions,
): () => void {
  return subscribe("userId", userId, callback, options);
}

/**
 * Follows the bookings of a provider.
 * @param providerId a member's id, or the provider's e-mail
 * @returns a function that unsubscribes
 */
export function subscribeToProviderBookingEvents(
  providerId: string,
  callback: (event: BookingEvent) => void,
  options?: SubscribeOptions,
): () => void {
  return subscribe("provider", providerId, callback, options);
}

function subscribe(
  key: "bookingId" | "userId" | "provider",
  given: unknown,
  onEvent: (event: BookingEvent) => void,
  { client = defaultClient(), ...subscriber }: SubscribeOptions = {},
): () => void {
  // Programs without types may have no id yet: the hub refuses that one, where without any all would pass.
  const id = String(given);
  const all = { ...subscriber, filter: { ...subscriber.filter, [key]: id }, onEvent };
  return enterSubscription(key.replace("Id", ""), id, client.live.subscribe(all));
}
