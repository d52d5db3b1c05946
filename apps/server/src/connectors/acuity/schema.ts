import { z } from "zod";

/*
 * What Acuity sends (developers.acuityscheduling.com/docs/webhooks): the fields of a form, all of
 * them texts; and what its API answers about an appointment
 * (developers.acuityscheduling.com/reference/get-appointments-id), as far as it is read. What only
 * decorates a booking stays unknown here.
 */
const anything = z.unknown().optional();

export const messageSchema = z.object({
  action: z.string(),
  /** Of the appointment; of an order for `order.completed`. */
  id: z.string().regex(/^[1-9]\d{0,19}$/),
});

export const appointmentSchema = z.object({
  id: z.union([z.number().int(), z.string()]),
  /** ISO 8601 with an offset like -0700. */
  datetime: anything,
  datetimeCreated: anything,
  /** Minutes, as a text. */
  duration: anything,
  firstName: anything,
  lastName: anything,
  email: anything,
  phone: anything,
  /** Name of the kind of appointment. */
  type: anything,
  appointmentTypeID: anything,
  /** Set for a place in a class. */
  classID: anything,
  category: anything,
  /** Name of whom it is with. */
  calendar: anything,
  calendarID: anything,
  canceled: anything,
  /** Told of what was cancelled. */
  noShow: anything,
  /** Decimal texts, in the currency of the account. */
  price: anything,
  amountPaid: anything,
  /** `yes` or `no`. */
  paid: anything,
  location: anything,
  notes: anything,
  timezone: anything,
  forms: anything,
  labels: anything,
  confirmationPage: anything,
});

export type AcuityAppointment = z.infer<typeof appointmentSchema>;
