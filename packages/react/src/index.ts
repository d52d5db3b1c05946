export type { BookedVisit } from "./booked-visit.ts";
export {
  type CalComBooking,
  CalComEmbedWithPrefill,
  type CalComEmbedWithPrefillProps,
} from "./cal-com-embed-with-prefill.tsx";
export type { CalComLabels } from "./cal-com-labels.ts";
export { ConnectionBadge, type ConnectionLabels } from "./connection-badge.tsx";
export type { PetSelection } from "./pet-options.ts";
export type { UseBookingEventsResult } from "./event-feed.ts";
export { SlotwireProvider } from "./slotwire-provider.tsx";
export { useBookingEvents } from "./use-booking-events.ts";
export type { UseBookingEventsOptions } from "./use-event-feed.ts";
export {
  useLiveEvents,
  type UseLiveEventsOptions,
  type UseLiveEventsResult,
} from "./use-live-events.ts";
export { useLiveState } from "./use-live-state.ts";
export { useLiveStatus } from "./use-live-status.ts";
export { useOrgBookingEvents } from "./use-org-booking-events.ts";
export { useProviderBookingEvents } from "./use-provider-booking-events.ts";
export { useSlotwireClient } from "./use-slotwire-client.ts";
export { useUserBookingEvents } from "./use-user-booking-events.ts";
