import { readFileSync } from "node:fs";

/** One message of each trigger, written by hand in the documented shape: one booking's story. */
export const calcomFixtureNames = [
  "booking_created",
  "booking_requested",
  "booking_rejected",
  "booking_rescheduled",
  "booking_cancelled",
  "meeting_started",
  "meeting_ended",
  "booking_no_show_updated",
  "ping",
] as const;

export type CalcomFixtureName = (typeof calcomFixtureNames)[number];

/** A body, free to be changed: every call reads the file again. */
export interface CalcomBody {
  triggerEvent: string;
  createdAt: string;
  payload: Record<string, unknown>;
  [key: string]: unknown;
}

/**
 * Reads an example message, for tests.
 * @param payload what its payload (or the flat body itself) says instead
 */
export function calcomFixture(
  name: CalcomFixtureName,
  payload: Record<string, unknown> = {},
): CalcomBody {
  const url = new URL(`./fixtures/${name}.json`, import.meta.url);
  const body = JSON.parse(readFileSync(url, "utf8")) as CalcomBody;
  return name.startsWith("meeting_")
    ? { ...body, ...payload }
    : { ...body, payload: { ...body.payload, ...payload } };
}
