import { z } from "zod";
import { operationalEventTypes } from "./alert.ts";
import { bookingEventTypes, bookingStatuses } from "./status.ts";
import { instantSchema } from "./list.ts";

export const destinationProfiles = [
  "standard",
  "external_calendar",
  "make",
  "crm",
  "slack",
  "supabase",
  "plain",
] as const;

/** Profiles that also tell of alerts; the others speak of bookings alone. */
export const alertProfiles = ["standard", "slack", "plain"] as const satisfies Profile[];

/** Profiles whose requests may carry several events. */
export const batchProfiles = ["standard", "make", "plain"] as const satisfies Profile[];

type Profile = (typeof destinationProfiles)[number];

/**
 * How much a body says: `thin` has ids, states and times only; `full` the booking and its people;
 * `compat` is what a profile's receivers have always been sent, and nothing else.
 */
export const payloadModes = ["compat", "thin", "full"] as const;

export type PayloadMode = (typeof payloadModes)[number];

/** A change of status, `*` for any; `new` is how a booking begins. */
const transitionPairSchema = z.strictObject({
  from: z.enum([...bookingStatuses, "new", "*"]),
  to: z.enum([...bookingStatuses, "*"]),
});

export const transitionPresets = ["all", "confirmed_cancelled", "calendar_affecting"] as const;

/** Which bookings' events a destination is sent. Every part that is there has to hold. */
export const destinationFilterSchema = z.strictObject({
  /** `all` are all changes of status; `calendar_affecting` is what moves, frees or takes a slot. */
  transitions: z
    .union([z.enum(transitionPresets), z.array(transitionPairSchema).min(1).max(100)])
    .optional(),
  connection_ids: z.array(z.uuid()).min(1).max(100).optional(),
  /** Providers, by e-mail. */
  providers: z.array(z.email().toLowerCase()).min(1).max(100).optional(),
  /** Services, by key. */
  services: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
  /** Members of the booking's metadata; without `in`, one only has to be there. */
  metadata: z
    .array(
      z.strictObject({
        key: z.string().min(1).max(200),
        in: z.array(z.string().max(500)).min(1).max(100).optional(),
      }),
    )
    .min(1)
    .max(20)
    .optional(),
});

export type DestinationFilter = z.infer<typeof destinationFilterSchema>;

/**
 * Seconds to wait before each attempt, the first included; `default` is as the hub is set,
 * `exponential` doubles from a second.
 */
export const retryScheduleSchema = z.union([
  z.enum(["default", "exponential"]),
  z
    .array(
      z
        .int()
        .min(0)
        .max(7 * 24 * 60 * 60),
    )
    .min(1)
    .max(50),
]);

/** `*` are all events of bookings; alerts come to whoever names them, or `alert.*`. */
export const eventTypeFilterSchema = z.union([
  z.literal("*"),
  z.enum(bookingEventTypes),
  z.literal("alert.*"),
  z.enum(operationalEventTypes),
]);

/** A URL that hears of bookings. Its secret is never part of it. */
export const destinationSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  profile: z.enum(destinationProfiles),
  event_types: z.array(z.string()),
  payload_mode: z.enum(payloadModes),
  filter: destinationFilterSchema.nullable(),
  ordering: z.enum(["per_booking", "none"]),
  retry_schedule: retryScheduleSchema,
  /** Requests per second over all processes; null is as many as one answers. */
  rate_per_second: z.number().nullable(),
  /** Requests at one time over all processes; null is as the hub sees fit. */
  concurrency: z.int().nullable(),
  /** How many events one request may carry. */
  batch_size: z.int(),
  /** For how many hours it may only fail before it is disabled. */
  patience_hours: z.int(),
  /** When the first attempt failed since the last one that arrived. */
  failing_since: instantSchema.nullable(),
  /** Whether a key of the receiver's is sent along. */
  has_key: z.boolean(),
  status: z.enum(["active", "paused", "disabled"]),
  disabled_reason: z.string().nullable(),
  origin: z.enum(["environment", "user", "demo"]),
  created_at: instantSchema,
});

export type DestinationResource = z.infer<typeof destinationSchema>;

const destinationFields = {
  name: z.string().trim().min(1).max(100),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  event_types: z.array(eventTypeFilterSchema).min(1).max(50),
  payload_mode: z.enum(payloadModes),
  filter: destinationFilterSchema.nullable(),
  ordering: z.enum(["per_booking", "none"]),
  retry_schedule: retryScheduleSchema,
  rate_per_second: z.number().min(0.01).max(1000).nullable(),
  concurrency: z.int().min(1).max(64).nullable(),
  batch_size: z.int().min(1).max(100),
  patience_hours: z.int().min(1).max(720),
  /** A key that the receiver gave out; it goes into the header where the profile's kind looks. */
  key: z
    .string()
    .min(1)
    .max(2000)
    .regex(
      /^[\x20-\x7e\xa0-\xff]+$/,
      "A header cannot carry it: it has a line break, or a character that is not in Latin-1.",
    )
    .nullable(),
};

export const createDestinationSchema = z.strictObject({
  ...destinationFields,
  profile: z.enum(destinationProfiles).default("standard"),
  event_types: destinationFields.event_types.default(["*"]),
  /** Absent, these two are what the profile has. */
  payload_mode: destinationFields.payload_mode.optional(),
  filter: destinationFields.filter.optional(),
  ordering: destinationFields.ordering.default("per_booking"),
  retry_schedule: retryScheduleSchema.default("default"),
  rate_per_second: destinationFields.rate_per_second.default(null),
  concurrency: destinationFields.concurrency.default(null),
  batch_size: destinationFields.batch_size.default(1),
  patience_hours: destinationFields.patience_hours.default(120),
  key: destinationFields.key.default(null),
});

/** What whoever creates a destination has to say; the rest has defaults. */
export type CreateDestinationInput = z.input<typeof createDestinationSchema>;

export type CreateDestination = z.infer<typeof createDestinationSchema>;

/** What may be changed of a destination; what is absent stays. */
export const updateDestinationSchema = z.strictObject(destinationFields).partial();

export type UpdateDestination = z.infer<typeof updateDestinationSchema>;

export const rotateDestinationSecretSchema = z.strictObject({
  /** Ends the day of a secret that was replaced less than a day ago; without it that is refused. */
  end_overlap: z.boolean().optional(),
});

export type RotateDestinationSecret = z.infer<typeof rotateDestinationSecretSchema>;

/** The answer to a new destination or a rotation: the only time the secret is shown. */
export const destinationWithSecretSchema = destinationSchema.extend({ secret: z.string() });

export type DestinationWithSecret = z.infer<typeof destinationWithSecretSchema>;
