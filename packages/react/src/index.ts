export { ConnectionBadge, type ConnectionLabels } from "./connection-badge.tsx";
export { SlotwireProvider } from "./slotwire-provider.tsx";
export {
  useLiveEvents,
  type UseLiveEventsOptions,
  type UseLiveEventsResult,
} from "./use-live-events.ts";
export { useLiveState } from "./use-live-state.ts";
export { useLiveStatus } from "./use-live-status.ts";
export {
  useOrgBookingEvents,
  type UseBookingEventsResult,
  type UseOrgBookingEventsOptions,
} from "./use-org-booking-events.ts";
export { useSlotwireClient } from "./use-slotwire-client.ts";
