import { readFileSync } from "node:fs";

/** One event's story, written by hand in the documented shape. */
export const savvycalFixtureNames = [
  "event_created",
  "event_requested",
  "event_declined",
  "event_rescheduled",
  "event_canceled",
] as const;

export type SavvycalFixtureName = (typeof savvycalFixtureNames)[number];

/** A body, free to be changed: every call reads the file again. */
export interface SavvycalBody {
  type: string;
  id: string;
  occurred_at: string;
  payload: Record<string, unknown>;
  [key: string]: unknown;
}

/**
 * Reads an example message, for tests.
 * @param event what it says of the event instead
 */
export function savvycalFixture(
  name: SavvycalFixtureName,
  event: Record<string, unknown> = {},
): SavvycalBody {
  const url = new URL(`./fixtures/${name}.json`, import.meta.url);
  const body = JSON.parse(readFileSync(url, "utf8")) as SavvycalBody;
  return { ...body, payload: { ...body.payload, ...event } };
}
