import { z } from "zod";
import { isRecord } from "../../../domain/is-record.ts";

/*
 * What Cal.com's API v2 answers, version 2024-08-13, as far as it is read (cal.com/docs, "API v2 /
 * Bookings"). What decides about a booking must have its documented type; the rest stays unknown
 * here, so that a member that is new or odd never costs a booking.
 */
const anything = z.unknown().optional();

/** The states of the API; each is the state of webhooks in lower case. */
export const apiStatuses = ["accepted", "pending", "cancelled", "rejected"] as const;

export type ApiStatus = (typeof apiStatuses)[number];

export const apiBookingSchema = z.object({
  uid: z.string().min(1),
  status: z.enum(apiStatuses),
  /** RFC 3339. */
  start: anything,
  end: anything,
  /** Minutes. */
  duration: anything,
  title: anything,
  description: anything,
  location: anything,
  meetingUrl: anything,
  hosts: anything,
  attendees: anything,
  eventType: anything,
  eventTypeId: anything,
  cancellationReason: anything,
  cancelledByEmail: anything,
  /** This booking took the place of that one … */
  rescheduledFromUid: z.string().nullish(),
  /** … and that one took this one's. */
  rescheduledToUid: z.string().nullish(),
  recurringBookingUid: z.string().nullish(),
  icsUid: anything,
  createdAt: anything,
  updatedAt: anything,
  metadata: anything,
  bookingFieldsResponses: anything,
});

export type ApiBooking = z.infer<typeof apiBookingSchema>;

/** The envelope of every answer. */
export const envelopeSchema = z.object({ data: z.unknown() });

/** What tells of the next page of a list; the newest form of it. */
const paginationSchema = z.object({
  returnedItems: z.number().int().min(0).optional(),
  hasNextPage: z.boolean().optional(),
});

export const pageSchema = z.object({
  data: z.array(z.unknown()),
  pagination: paginationSchema.nullish(),
});

/** Why the API said no: `{ status: "error", error: { code, message, details } }`. */
export function reasonIn(body: unknown): unknown {
  if (!isRecord(body)) return null;
  const { error, message } = body;
  if (isRecord(error)) return error["message"] ?? null;
  return typeof error === "string" && typeof message !== "string" ? error : message;
}
