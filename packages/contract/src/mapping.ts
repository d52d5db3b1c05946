import { z } from "zod";
import { fieldChangeSchema } from "./inbound-message.ts";
import { instantSchema } from "./list.ts";
import {
  mappedEvents,
  mappedFields,
  mappedTimeFormats,
  MAX_MAPPED_METADATA,
} from "./mapped-field.ts";
import { bookingStatuses } from "./status.ts";

/*
 * A mapping says what the fields of a source's messages mean. A *field* is one of ours, an
 * *expression* says where its value comes from, a *word* is what the source calls an event or a
 * status. A *sample* is a message that was kept, taken as an example of its shape.
 */

/** So many words may be given a meaning. */
const MAX_WORDS = 100;

const valueSchema = z.string().min(1).max(500);

export const mappingExpressionSchema = z.union([
  z.strictObject({
    /** RFC 9535: `$.booking.start`, `$.answers[?@.question == "Phone"].answer`. The first counts. */
    path: valueSchema,
    /** What it is where the path leads to nothing. */
    default: valueSchema.optional(),
  }),
  z.strictObject({
    /** Texts with paths in braces: `{$.first_name} {$.last_name}`. */
    template: valueSchema,
  }),
  z.strictObject({
    /** The same for every message. */
    constant: valueSchema,
  }),
]);

export type MappingExpression = z.infer<typeof mappingExpressionSchema>;

const wordSchema = z.string().min(1).max(100);

function words<Meaning extends z.ZodType>(meaning: Meaning) {
  return z
    .record(wordSchema, meaning)
    .refine((all) => Object.keys(all).length <= MAX_WORDS, `At most ${MAX_WORDS} words.`);
}

export const mappingSchema = z.strictObject({
  fields: z.partialRecord(z.enum(mappedFields), mappingExpressionSchema),
  /** What its words for events mean. Upper and lower case are the same. */
  events: words(z.enum(mappedEvents)).default({}),
  /** What becomes of an event that has no meaning: it waits to be given one, or is ignored. */
  other_events: z.enum(["wait", "ignore"]).default("wait"),
  /** What its words for states mean. */
  statuses: words(z.enum(bookingStatuses)).default({}),
  time_format: z.enum(mappedTimeFormats).default("iso"),
  duration_unit: z.enum(["minutes", "hours", "seconds"]).default("minutes"),
  /** Whether prices are told in the currency's unit, or in its smallest one. */
  price_unit: z.enum(["major", "minor"]).default("major"),
  /** What else is kept with the booking, by the name that it gets. */
  metadata: z
    .record(wordSchema, mappingExpressionSchema)
    .refine(
      (all) => Object.keys(all).length <= MAX_MAPPED_METADATA,
      `At most ${MAX_MAPPED_METADATA} values.`,
    )
    .default({}),
});

export type Mapping = z.infer<typeof mappingSchema>;
export type MappingInput = z.input<typeof mappingSchema>;

/** One value of a sample, and how a mapping names it. */
export const sampleFieldSchema = z.object({
  path: z.string(),
  /** Its own name, or its place in a list. */
  name: z.string(),
  /** How many groups it lies in. */
  depth: z.int(),
  kind: z.enum(["text", "number", "boolean", "nothing", "group", "list"]),
  /** As text, cut; null for what holds others, and where the values are not shown. */
  value: z.string().nullable(),
});

export type SampleField = z.infer<typeof sampleFieldSchema>;

export const sampleSchema = z.object({
  /** Of the latest message of this shape. */
  message_id: z.uuid(),
  received_at: instantSchema,
  /** What it seems to tell of, in the source's word. */
  trigger: z.string().nullable(),
  /** How many of the messages that were looked at have this shape. */
  count: z.int(),
  /** In the order in which they stand in the message. */
  fields: z.array(
    sampleFieldSchema.extend({
      /** What other messages of this shape say there, each once, the latest first; at most 20. */
      others: z.array(z.string()),
    }),
  ),
});

export type Sample = z.infer<typeof sampleSchema>;

export const tryMappingSchema = z.strictObject({
  mapping: mappingSchema,
  /** The latest of the connection unless given. */
  message_ids: z.array(z.uuid()).min(1).max(50).optional(),
  limit: z.int().min(1).max(50).default(20),
});

export type TryMapping = z.input<typeof tryMappingSchema>;

/** What a mapping reads for one of our fields. */
export const fieldReadingSchema = z.object({
  /** One of `mappedFields`, or `metadata.` and a name. */
  field: z.string(),
  /** As the source wrote it, cut. */
  value: z.string().nullable(),
  /** What it means to the hub, in words. */
  meaning: z.string().nullable(),
  /** Why it cannot be read, in words. */
  problem: z.string().nullable(),
});

export type FieldReading = z.infer<typeof fieldReadingSchema>;

/** What a message would be understood as. Nothing was changed. */
export const triedMessageSchema = z.object({
  message_id: z.uuid(),
  received_at: instantSchema,
  trigger: z.string().nullable(),
  /** An action like `created`, or `unchanged`, `stale`, `refused`, `waiting`, `ignored`, `failed`. */
  outcome: z.string(),
  /** The same in words. */
  description: z.string(),
  reason: z.string().nullable(),
  warning: z.string().nullable(),
  booking_id: z.uuid().nullable(),
  booking_number: z.int().nullable(),
  changes: z.array(fieldChangeSchema),
  readings: z.array(fieldReadingSchema),
});

export type TriedMessage = z.infer<typeof triedMessageSchema>;

export const triedMappingSchema = z.object({
  messages: z.array(triedMessageSchema),
  /** How many messages wait for a mapping, all in all. */
  waiting: z.int(),
});

export type TriedMapping = z.infer<typeof triedMappingSchema>;

export const putMappingSchema = z.strictObject({
  mapping: mappingSchema,
  /** Whether the messages that wait for a mapping are processed now. */
  process_waiting: z.boolean().default(true),
});

export type PutMapping = z.input<typeof putMappingSchema>;

export const mappingVersionSchema = z.object({
  version: z.int(),
  mapping: mappingSchema,
  made_by: z.string(),
  made_at: instantSchema,
});

export type MappingVersion = z.infer<typeof mappingVersionSchema>;

export const connectionMappingSchema = z.object({
  /** What is live; null before the first one. */
  mapping: mappingSchema.nullable(),
  /** Of what is live; 0 before the first one. */
  version: z.int(),
  /** How many messages wait for a mapping. */
  waiting: z.int(),
  /** The latest first; at most twenty. */
  history: z.array(mappingVersionSchema),
});

export type ConnectionMapping = z.infer<typeof connectionMappingSchema>;

export const suggestedMappingSchema = z.object({ mapping: mappingSchema });

export type SuggestedMapping = z.infer<typeof suggestedMappingSchema>;
