import { z } from "zod";
import { bookingStatuses } from "./status.ts";
import { instantInputSchema, instantSchema, pageQuerySchema } from "./list.ts";

export const attendeeSchema = z.object({
  name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  status: z.enum(["accepted", "cancelled", "no_show"]),
  seat_ref: z.string().nullable(),
});

export type AttendeeResource = z.infer<typeof attendeeSchema>;

export const externalRefSchema = z.object({
  connection_id: z.uuid(),
  kind: z.enum(["uid", "event", "ical_uid", "number"]),
  external_id: z.string(),
  superseded_at: instantSchema.nullable(),
});

export type ExternalRefResource = z.infer<typeof externalRefSchema>;

export const subjectKinds = ["pet", "property", "vehicle", "person", "other"] as const;

export const bookingSubjectSchema = z.object({
  id: z.uuid(),
  kind: z.enum(subjectKinds),
  name: z.string(),
  breed: z.string().nullable(),
  allergies: z.array(z.string()),
});

export type BookingSubject = z.infer<typeof bookingSubjectSchema>;

/** A booking: one visit, one identity for life, whatever ids the sources give it. */
export const bookingSchema = z.object({
  id: z.uuid(),
  booking_number: z.number().int(),
  version: z.number().int(),
  status: z.enum(bookingStatuses),
  source_status: z.string().nullable(),
  status_reason: z.string().nullable(),
  cancelled_by: z.string().nullable(),
  starts_at: instantSchema,
  ends_at: instantSchema,
  time_zone: z.string(),
  duration_minutes: z.number().int(),
  title: z.string(),
  description: z.string().nullable(),
  location: z.string().nullable(),
  meeting_url: z.string().nullable(),
  customer: z
    .object({
      id: z.uuid(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
    })
    .nullable(),
  attendees: z.array(attendeeSchema),
  /** What the visit is about: the pet, home or car. */
  subjects: z.array(bookingSubjectSchema),
  provider: z
    .object({ id: z.uuid().nullable(), name: z.string().nullable(), email: z.string().nullable() })
    .nullable(),
  service: z
    .object({ id: z.uuid().nullable(), key: z.string(), name: z.string().nullable() })
    .nullable(),
  metadata: z.record(z.string(), z.unknown()),
  payment_status: z.enum(["none", "initiated", "paid", "refunded"]),
  /** In the smallest unit of the currency: 1250 are 12.50 EUR. */
  price_minor: z.int().nullable(),
  /** ISO 4217. */
  currency: z.string().nullable(),
  /** How many people a shared booking takes; null when it is not shared. */
  seats: z.int().nullable(),
  /** What the occurrences of a series have in common at their source. */
  series_ref: z.string().nullable(),
  owner_connection_id: z.uuid().nullable(),
  external_refs: z.array(externalRefSchema),
  created_at: instantSchema,
  updated_at: instantSchema,
  deleted_at: instantSchema.nullable(),
});

export type BookingResource = z.infer<typeof bookingSchema>;

export const bookingListQuerySchema = pageQuerySchema.extend({
  external_id: z.string().max(500).optional(),
  status: z.enum(bookingStatuses).optional(),
  customer_id: z.uuid().optional(),
  /** Where the visit is, in any case of letters. */
  location: z.string().min(1).max(500).optional(),
  /** The provider's address, or the id of the member who it is. */
  provider: z.union([z.uuid(), z.email().max(254).toLowerCase()]).optional(),
  /** Bookings that start at this instant or later … */
  from: instantInputSchema.optional(),
  /** … and before this one. */
  to: instantInputSchema.optional(),
  /** A calendar day in the organisation's time zone, or the word `today`: who starts on it. */
  on: z
    .union([z.literal("today"), z.iso.date()])
    .refine((day) => day === "today" || (day > "0001-01-02" && day < "9999-12-30"))
    .optional(),
});

export type BookingListQuery = z.infer<typeof bookingListQuerySchema>;
