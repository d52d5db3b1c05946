import { z } from "zod";
import { bookingSchema, bookingSubjectSchema, subjectKinds } from "./booking.ts";
import { instantSchema, pageQuerySchema } from "./list.ts";

/** What the work is done on: a pet, a home, a car. */
export const subjectSchema = bookingSubjectSchema.extend({
  customer_id: z.uuid(),
  /** The organisation's own id for it. */
  external_id: z.string().nullable(),
  /** Since when nothing is booked for it any more. */
  inactive_at: instantSchema.nullable(),
  version: z.int(),
  created_at: instantSchema,
  updated_at: instantSchema,
});

export type SubjectResource = z.infer<typeof subjectSchema>;

/** A customer as lists show them. */
export const customerSchema = z.object({
  id: z.uuid(),
  version: z.int(),
  name: z.string(),
  first_name: z.string().nullable(),
  last_name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  /** The organisation's own id for them. */
  external_id: z.string().nullable(),
  tags: z.array(z.string()),
  /** Who told of them first. */
  source: z.enum(["connection", "user", "import"]),
  subjects: z.array(bookingSubjectSchema),
  created_at: instantSchema,
  updated_at: instantSchema,
});

export type CustomerResource = z.infer<typeof customerSchema>;

/** By what a customer is recognised. */
export const customerIdentitySchema = z.object({
  kind: z.enum(["email", "phone", "external"]),
  value: z.string(),
  /** Whose id it is; null for the organisation's own, and for addresses and numbers. */
  connection_id: z.uuid().nullable(),
  is_primary: z.boolean(),
});

/** A customer with everything by which they are recognised. */
export const customerDetailSchema = customerSchema.extend({
  identities: z.array(customerIdentitySchema),
});

export type CustomerDetail = z.infer<typeof customerDetailSchema>;

export const customerListQuerySchema = pageQuerySchema.extend({
  /** In names of customers and of what is theirs; for whoever sees contact data, in that too. */
  q: z.string().trim().max(200).optional(),
});

export type CustomerListQuery = z.infer<typeof customerListQuerySchema>;

const line = z.string().trim().min(1).max(500);
const tag = z.string().trim().min(1).max(50);
const externalId = z.string().trim().min(1).max(200);

const customerFields = {
  name: line,
  first_name: line.nullable(),
  last_name: line.nullable(),
  email: z.email().max(320).nullable(),
  /** With its country's code, or as it is dialled in the organisation's country. */
  phone: z.string().trim().min(1).max(50).nullable(),
  external_id: externalId.nullable(),
  tags: z.array(tag).max(50),
};

export const createCustomerSchema = z.strictObject({
  ...z.strictObject(customerFields).partial().shape,
  name: line,
});

export type CreateCustomer = z.infer<typeof createCustomerSchema>;

export const updateCustomerSchema = z.strictObject(customerFields).partial();

export type UpdateCustomer = z.infer<typeof updateCustomerSchema>;

const subjectFields = {
  kind: z.enum(subjectKinds),
  name: line,
  breed: line.nullable(),
  allergies: z.array(line).max(50),
  external_id: externalId.nullable(),
};

export const createSubjectSchema = z.strictObject({
  customer_id: z.uuid(),
  ...z.strictObject(subjectFields).partial().shape,
  name: line,
});

export type CreateSubject = z.infer<typeof createSubjectSchema>;

export const updateSubjectSchema = z
  .strictObject({ ...subjectFields, inactive: z.boolean() })
  .partial();

export type UpdateSubject = z.infer<typeof updateSubjectSchema>;

export const subjectListQuerySchema = pageQuerySchema.extend({ customer_id: z.uuid().optional() });

/** `POST /api/v1/bookings/:id/link`: to a known customer, or to one that is made with it. */
export const linkBookingSchema = z.union([
  z.strictObject({
    customer_id: z.uuid(),
    /** All that the booking is about; left out, it keeps what is the customer's. */
    subject_ids: z.array(z.uuid()).max(50).optional(),
  }),
  z.strictObject({
    customer: z.strictObject({
      name: line,
      email: z.email().max(320).optional(),
      phone: z.string().trim().min(1).max(50).optional(),
    }),
  }),
]);

export type LinkBooking = z.infer<typeof linkBookingSchema>;

/** Somebody whom an unlinked booking may be of, and why. */
export const linkSuggestionSchema = z.object({
  customer: customerSchema,
  because: z.enum(["linked", "email", "phone", "name"]),
});

export type LinkSuggestion = z.infer<typeof linkSuggestionSchema>;

export const unlinkedBookingSchema = z.object({
  booking: bookingSchema,
  /** Nobody is linked, or not which of the customer's subjects it is about. */
  missing: z.enum(["customer", "subject"]),
  /** The likeliest first. */
  suggestions: z.array(linkSuggestionSchema),
});

export type UnlinkedBooking = z.infer<typeof unlinkedBookingSchema>;

/** How many there are; from `at_least` on they are not counted. */
export const unlinkedCountSchema = z.object({ count: z.int(), at_least: z.boolean() });

export type UnlinkedCount = z.infer<typeof unlinkedCountSchema>;
