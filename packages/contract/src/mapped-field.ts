// Apart from mapping.ts, whose schemas the dashboard must not load (docs/decisions/0014-dashboard.md).

/** What a mapping can fill of a booking. */
export const mappedFields = [
  "event",
  "uid",
  "previous_uid",
  "status",
  "start",
  "end",
  "duration",
  "time_zone",
  "title",
  "description",
  "location",
  "meeting_url",
  "attendee_name",
  "attendee_email",
  "attendee_phone",
  "provider_name",
  "provider_email",
  "service_key",
  "service_name",
  "price",
  "currency",
  "occurred_at",
  "reason",
  "customer_ref",
  "pet_ref",
] as const;

export type MappedField = (typeof mappedFields)[number];

/** What a word for an event may mean. */
export const mappedEvents = [
  "created",
  "requested",
  "rescheduled",
  "updated",
  "cancelled",
  "rejected",
  "started",
  "completed",
  "no_show",
  "no_show_cleared",
  "ignored",
] as const;

export type MappedEvent = (typeof mappedEvents)[number];

/** How times are written: `iso` with or without an offset, or as `31/12/2026 14:30`. */
export const mappedTimeFormats = [
  "iso",
  "day_first",
  "month_first",
  "unix_seconds",
  "unix_milliseconds",
] as const;

export type MappedTimeFormat = (typeof mappedTimeFormats)[number];

/** So many values of the source may be kept beside the booking's own fields. */
export const MAX_MAPPED_METADATA = 20;
