import { z } from "zod";
import { instantSchema, pageQuerySchema } from "./list.ts";
import { bookingStatuses } from "./status.ts";

export const activityTypes = ["MEETING", "CALL", "EMAIL", "SMS", "NOTE"] as const;
export const activityStatuses = ["scheduled", "held", "cancelled", "no_show"] as const;

/** A query parameter that is `true` or `false`. */
const flag = z.enum(["true", "false"]).transform((word) => word === "true");

/**
 * What was or will be done with a customer: of a booking, the meeting. The names in camel case are
 * those of the CRM that customers' own screens were first written for.
 */
export const activitySchema = z.object({
  id: z.uuid(),
  type: z.enum(activityTypes),
  subject: z.string(),
  description: z.string(),
  activityDate: instantSchema,
  durationMinutes: z.number().int().nullable(),
  status: z.enum(activityStatuses),
  lead: z.object({ id: z.uuid(), title: z.string() }).nullable(),
  contact: z.object({ id: z.uuid(), name: z.string().nullable() }).nullable(),
  booking_id: z.uuid().nullable(),
  /** The zone that the visit was booked in; the organisation's for what is no booking. */
  time_zone: z.string(),
  metadata: z.looseObject({ meetingUrl: z.string().nullish() }),
});

export type ActivityResource = z.infer<typeof activitySchema>;

export const activityListQuerySchema = pageQuerySchema.extend({
  type: z.enum(activityTypes).optional(),
  /** `true`: scheduled ones that have not ended, soonest first. Otherwise latest first. */
  upcoming: flag.optional(),
  lead_id: z.uuid().optional(),
  customer_id: z.uuid().optional(),
});

export type ActivityListQuery = z.input<typeof activityListQuerySchema>;

export const taskStatuses = ["todo", "in_progress", "done", "cancelled"] as const;
export const taskPriorities = ["low", "medium", "high"] as const;

/** Something that a person has to do, most often because of a booking. */
export const taskSchema = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  dueDate: instantSchema,
  priority: z.enum(taskPriorities),
  status: z.enum(taskStatuses),
  /** Its time was past already when it was made. */
  late: z.boolean(),
  lead: z.object({ id: z.uuid(), title: z.string() }).nullable(),
  contact: z.object({ id: z.uuid(), name: z.string().nullable() }).nullable(),
  booking_id: z.uuid().nullable(),
  updated_at: instantSchema,
});

export type TaskResource = z.infer<typeof taskSchema>;

export const taskListQuerySchema = pageQuerySchema.extend({
  status: z.enum(taskStatuses).optional(),
  /** `true`: those that are open, also the overdue ones, soonest first. */
  upcoming: flag.optional(),
  booking_id: z.uuid().optional(),
});

export type TaskListQuery = z.input<typeof taskListQuerySchema>;

/** `PATCH /api/v1/tasks/:id`: done, or open again. */
export const updateTaskSchema = z.strictObject({ status: z.enum(["todo", "done"]) });

export type UpdateTask = z.infer<typeof updateTaskSchema>;

/** `POST /api/v1/bookings/import`: what a booking is called where it was made. */
export const importBookingSchema = z.strictObject({
  external_id: z.string().trim().min(1).max(500),
  /** Whose id it is; may be left out while there is one source alone that can be asked. */
  connection_id: z.uuid().optional(),
  /** Only tells what would be imported. */
  preview: z.boolean().default(false),
});

export type ImportBooking = z.input<typeof importBookingSchema>;

export const importedBookingSchema = z.object({
  /** What the source says of it. */
  details: z.object({
    title: z.string(),
    status: z.enum(bookingStatuses),
    starts_at: instantSchema,
    ends_at: instantSchema,
    time_zone: z.string(),
    location: z.string().nullable(),
    customer: z.object({ name: z.string().nullable(), email: z.string().nullable() }).nullable(),
  }),
  /** The hub's booking; null while it has none. */
  booking: z.object({ id: z.uuid(), booking_number: z.number().int() }).nullable(),
  /** Whether the hub had it before it was asked for. */
  already_known: z.boolean(),
  lead: z.object({ id: z.uuid(), title: z.string() }).nullable(),
});

export type ImportedBooking = z.infer<typeof importedBookingSchema>;
