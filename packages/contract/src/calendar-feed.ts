import { z } from "zod";
import { instantSchema, pageQuerySchema } from "./list.ts";

/** Whose bookings a calendar feed shows. */
export const feedScopes = ["organisation", "provider", "customer"] as const;

/** So many bookings are in one feed: those nearest to today. */
export const MAX_FEED_BOOKINGS = 5_000;

const daysBackSchema = z.int().min(0).max(366);
const daysAheadSchema = z.int().min(1).max(732);

/** A new calendar feed. */
export const createFeedSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    /** The organisation's unless given; staff make feeds of their own bookings alone. */
    scope: z.enum(feedScopes).optional(),
    /** Whose bookings, of a provider's feed; of one that staff make their own. */
    provider_email: z.email().max(254).toLowerCase().optional(),
    /** Whose bookings, of a customer's feed. */
    customer_id: z.uuid().optional(),
    /**
     * Whether titles, descriptions, places and people's names are in it. Without them an entry says
     * which service is booked, and when.
     */
    shows_names: z.boolean().default(false),
    days_back: daysBackSchema.default(30),
    days_ahead: daysAheadSchema.default(365),
  })
  .superRefine(({ scope, provider_email: email, customer_id: customer }, context) => {
    const say = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (scope !== "provider" && email !== undefined) {
      say("provider_email", "Only of a provider's feed.");
    }
    if (scope === "customer" && customer === undefined) say("customer_id", "Say whose it is.");
    if (scope !== "customer" && customer !== undefined) {
      say("customer_id", "Only of a customer's feed.");
    }
  });

export type CreateFeed = z.input<typeof createFeedSchema>;

/** A calendar that other systems read at an address of its own. */
export const feedSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  scope: z.enum(feedScopes),
  provider_email: z.string().nullable(),
  customer: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  shows_names: z.boolean(),
  days_back: daysBackSchema,
  days_ahead: daysAheadSchema,
  /** The name of the person or the key that made it. */
  created_by: z.string().nullable(),
  created_at: instantSchema,
  /** Told once an hour at most. */
  last_read_at: instantSchema.nullable(),
});
export type FeedResource = z.infer<typeof feedSchema>;

/** The answer of the call that makes a feed: the only one that shows its address. */
export const createdFeedSchema = feedSchema.extend({ url: z.string() });
export type CreatedFeed = z.infer<typeof createdFeedSchema>;

export const feedListQuerySchema = pageQuerySchema;
