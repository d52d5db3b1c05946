import { z } from "zod";
import type { ConnectionSettings } from "../connector.ts";

const metadataKey = z.string().trim().min(1).max(200);

/** How people may adjust a connection of Cal.com. */
export const calcomSettings = z.object({
  /** The key of a booking's metadata that holds the customer's id. */
  customerKey: metadataKey.default("barkbookClientId"),
  /** The key of a booking's metadata that holds the pet's id. */
  petKey: metadataKey.default("barkbookPetId"),
  /** Whether MEETING_STARTED puts a booking in progress: it fires by the clock. */
  meetingStarted: z.boolean().default(true),
  /** Whether MEETING_ENDED completes a booking: it fires by the clock. */
  meetingEnded: z.boolean().default(true),
});

export type CalcomSettings = z.infer<typeof calcomSettings>;

/** What holds for a connection that nobody has adjusted. */
export const defaultSettings: CalcomSettings = calcomSettings.parse({});

/** Reads stored settings; what cannot be read takes its default. */
export function readSettings(stored: ConnectionSettings): CalcomSettings {
  return calcomSettings.safeParse(stored).data ?? defaultSettings;
}
