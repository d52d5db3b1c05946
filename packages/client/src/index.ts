export { ApiError } from "./api-error.ts";
export {
  type CalComCustomer,
  type CalComPet,
  calComPrefill,
  type CalComPrefill,
  type CalComPrefillOptions,
} from "./cal-com-prefill.ts";
export { type ClientOptions, createClient, type SlotwireClient } from "./create-client.ts";
export type { EventFilter } from "./live/event-filter.ts";
export type { LiveFeed } from "./live/live-feed.ts";
export type { LiveState, LiveStatus } from "./live/live-status.ts";
export type { BookingEventStream, StreamOptions } from "./live/stream-booking-events.ts";
export type { LiveSubscriber } from "./live/subscription.ts";
export type { MakeResult, MakeRetryResult } from "./make/deliver-to-make.ts";
export type { MakeWebhookConfig } from "./make/make-config.ts";
export type { MakeEvent, MakeEventData, MakeWebhookPayload } from "./make/make-payload.ts";
export {
  getWebhookStats,
  type MakeWebhookStats,
  resetMakeWebhookStats,
} from "./make/make-statistics.ts";
export {
  type MakeBatchEntry,
  type MakeBatchResult,
  sendBatchToMakeWebhook,
} from "./make/send-batch-to-make-webhook.ts";
export { sendToMakeWebhook, sendToMakeWebhookWithRetry } from "./make/send-to-make-webhook.ts";
export { type MakeTestResult, testMakeWebhook } from "./make/test-make-webhook.ts";
export {
  type MakeConfigCheck,
  validateMakeWebhookConfig,
} from "./make/validate-make-webhook-config.ts";
export type { ChangedBooking, NewTimes } from "./resources/bookings-api.ts";
export type { NewDestination } from "./resources/destinations-api.ts";
export type { MessageChoice } from "./resources/inbound-messages-api.ts";
export type { ChangeOptions } from "./resources/resource.ts";
export { type BookingOutbox, createMemoryOutbox } from "./send-booking-to-crm/booking-outbox.ts";
export {
  type BookingSender,
  type BookingSenderOptions,
  createBookingSender,
} from "./send-booking-to-crm/booking-sender.ts";
export type {
  OutboxEntry,
  SendResult,
  SiteBooking,
  SiteBookingEvent,
} from "./send-booking-to-crm/site-booking.ts";
export {
  bookingSubscriptionManager,
  type BookingSubscriptionManager,
  exposeForDebugging,
} from "./subscriptions/booking-subscription-manager.ts";
export { defaultClient, setDefaultClient } from "./subscriptions/default-client.ts";
export {
  subscribeToBookingEvents,
  subscribeToProviderBookingEvents,
  subscribeToUserBookingEvents,
  type SubscribeOptions,
} from "./subscriptions/subscribe-to-booking-events.ts";
export { verifyWebhook, type WebhookHeaders, WebhookVerificationError } from "./verify-webhook.ts";
