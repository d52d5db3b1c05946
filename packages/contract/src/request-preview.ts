import { z } from "zod";
import { createDestinationSchema } from "./destination.ts";
import { instantSchema } from "./list.ts";
import { bookingEventTypes } from "./status.ts";

const about = {
  /** Of this booking its newest event, … */
  booking_id: z.uuid().optional(),
  /** … or this event (of that booking); without either, the newest event there is. */
  event_id: z.uuid().optional(),
};

/** What a request is shown for: a booking, by its newest event, or one event. */
export const previewSchema = z.strictObject(about);

export type PreviewAbout = z.infer<typeof previewSchema>;

/** The same for a destination that is not there yet; it needs no name. */
export const previewDraftSchema = z.strictObject({
  destination: createDestinationSchema.partial({ name: true }),
  ...about,
});

export type PreviewDraft = z.infer<typeof previewDraftSchema>;
export type PreviewDraftInput = z.input<typeof previewDraftSchema>;

/** The request that an event would be sent in, or why none would be. */
export const requestPreviewSchema = z.object({
  event: z.object({
    id: z.uuid(),
    seq: z.int(),
    type: z.enum(bookingEventTypes),
    occurred_at: instantSchema,
    booking_id: z.uuid(),
    booking_version: z.int(),
  }),
  /** Null when nothing would be sent. */
  request: z
    .object({
      method: z.literal("POST"),
      url: z.string(),
      /** Keys are hidden, and the signature is one of a secret that nobody has. */
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    })
    .nullable(),
  /** Why nothing would be sent. */
  skip_reason: z.string().nullable(),
  /** Why the hub does not connect to the address, as it stands now: it is no public one. */
  address_refusal: z.string().nullable(),
});

export type RequestPreview = z.infer<typeof requestPreviewSchema>;
