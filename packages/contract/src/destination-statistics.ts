import { z } from "zod";
import { instantInputSchema, instantSchema } from "./list.ts";

/** Statistics are read over so many days at most. */
export const MAX_STATISTICS_DAYS = 31;

export const destinationStatisticsQuerySchema = z.strictObject({
  /** A day before `to` unless given. */
  from: instantInputSchema.optional(),
  /** Now unless given. */
  to: instantInputSchema.optional(),
});

export type DestinationStatisticsQuery = z.infer<typeof destinationStatisticsQuerySchema>;

const rateSchema = z.number().min(0).max(1).nullable();

/** What became of the deliveries that were made in a span of time. */
const figures = {
  deliveries: z.int(),
  /** Those at which there was at least one attempt. */
  sent: z.int(),
  delivered: z.int(),
  exhausted: z.int(),
  /** How many of those sent arrived at once, 0 to 1; null when nothing was sent. */
  first_try_rate: rateSchema,
  /** How many of those that are over arrived in the end; null when none is over. */
  final_rate: rateSchema,
  /** How long receivers took to answer, in milliseconds; null when none did. */
  p50_ms: z.number().nullable(),
  p95_ms: z.number().nullable(),
  /** What is to be sent now, whenever it was made; counted up to 10,000. */
  open: z.int(),
};

export const destinationFiguresSchema = z.object({
  id: z.uuid(),
  ...figures,
  /** Whether there were more than 5,000 deliveries, of which the newest count. */
  is_limited: z.boolean(),
  /** When something last arrived, as far as its last 5,000 deliveries tell. */
  last_delivered_at: instantSchema.nullable(),
});

export type DestinationFigures = z.infer<typeof destinationFiguresSchema>;

export const destinationStatisticsSchema = z.object({
  from: instantSchema,
  to: instantSchema,
  /** All destinations that are not disabled. */
  whole: z.object(figures),
  destinations: z.array(destinationFiguresSchema),
});

export type DestinationStatistics = z.infer<typeof destinationStatisticsSchema>;
