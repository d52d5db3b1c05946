import { readFileSync } from "node:fs";

/** One booking's story, written by hand in the documented shape. */
export const squareFixtureNames = [
  "booking_created",
  "booking_requested",
  "booking_moved",
  "booking_cancelled",
  "booking_declined",
  "booking_no_show",
] as const;

export type SquareFixtureName = (typeof squareFixtureNames)[number];

/** A body, free to be changed: every call reads the file again. */
export interface SquareBody {
  type: string;
  event_id: string;
  data: { id: string; object: { booking: Record<string, unknown> } };
  [key: string]: unknown;
}

/**
 * Reads an example message, for tests.
 * @param booking what it says of the booking instead
 */
export function squareFixture(
  name: SquareFixtureName,
  booking: Record<string, unknown> = {},
): SquareBody {
  const url = new URL(`./fixtures/${name}.json`, import.meta.url);
  const body = JSON.parse(readFileSync(url, "utf8")) as SquareBody;
  const { data } = body;
  return {
    ...body,
    data: { ...data, object: { booking: { ...data.object.booking, ...booking } } },
  };
}
