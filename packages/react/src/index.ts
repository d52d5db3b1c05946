export { BookingsTab, type BookingsTabProps } from "./bookings-tab.tsx";
export { BookingEventMonitor, type BookingEventMonitorProps } from "./booking-event-monitor.tsx";
export type { BookedVisit } from "./booked-visit.ts";
export {
  type CalComBooking,
  CalComEmbedWithPrefill,
  type CalComEmbedWithPrefillProps,
} from "./cal-com-embed-with-prefill.tsx";
export type { CalComLabels } from "./cal-com-labels.ts";
export { ConnectionBadge, type ConnectionLabels } from "./connection-badge.tsx";
export { type DayBookings } from "./day-board/read-commands.ts";
export { DayBoard, type DayBoardProps } from "./day-board.tsx";
export type { UseBookingEventsResult } from "./event-feed.ts";
export type { Language } from "./messages/en.ts";
export type { EventToast } from "./live-events/live-events.tsx";
export type { BookingPatch } from "./live-bookings.ts";
export type { PetSelection } from "./pet-options.ts";
export { QuickAddFromBooking, type QuickAddFromBookingProps } from "./quick-add-from-booking.tsx";
export type { Move } from "./reschedule/move.ts";
export {
  RealTimeBookingEvents,
  type RealTimeBookingEventsProps,
} from "./real-time-booking-events.tsx";
export { SlotwireProvider } from "./slotwire-provider.tsx";
export { type StatusChange } from "./status-change/read-status-change.ts";
export { StatusChangeForm, type StatusChangeFormProps } from "./status-change-form.tsx";
export { TasksWidget, type TasksWidgetProps } from "./tasks-widget.tsx";
export { UpcomingBookings, type UpcomingBookingsProps } from "./upcoming-bookings.tsx";
export { UserEventMonitor, type UserEventMonitorProps } from "./user-event-monitor.tsx";
export { useBooking, type UseBookingOptions, type UseBookingResult } from "./use-booking.ts";
export { useBookingEvents } from "./use-booking-events.ts";
export type { UseBookingEventsOptions } from "./use-event-feed.ts";
export {
  useLiveEvents,
  type UseLiveEventsOptions,
  type UseLiveEventsResult,
} from "./use-live-events.ts";
export { useLiveState } from "./use-live-state.ts";
export { useLiveStatus } from "./use-live-status.ts";
export {
  useMarkTaskComplete,
  type TaskMark,
  type UseMarkTaskCompleteOptions,
  type UseMarkTaskCompleteResult,
} from "./use-mark-task-complete.ts";
export { useOrgBookingEvents } from "./use-org-booking-events.ts";
export { useProviderBookingEvents } from "./use-provider-booking-events.ts";
export {
  useReschedule,
  type UseRescheduleOptions,
  type UseRescheduleResult,
} from "./use-reschedule.ts";
export { useSlotwireClient } from "./use-slotwire-client.ts";
export { useToday, type UseTodayOptions, type UseTodayResult } from "./use-today.ts";
export { useUserBookingEvents } from "./use-user-booking-events.ts";
export type { Labels } from "./use-words.ts";
