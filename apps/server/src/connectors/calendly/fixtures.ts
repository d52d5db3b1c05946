import { readFileSync } from "node:fs";

/** One person's place, moved once, cancelled or missed: written by hand in the documented shape. */
export const calendlyFixtureNames = [
  "invitee_created",
  "invitee_canceled_moved",
  "invitee_created_moved",
  "invitee_canceled",
  "invitee_no_show_created",
  "invitee_no_show_deleted",
] as const;

export type CalendlyFixtureName = (typeof calendlyFixtureNames)[number];

/** A body, free to be changed: every call reads the file again. */
export interface CalendlyBody {
  event: string;
  created_at: string;
  payload: Record<string, unknown>;
  [key: string]: unknown;
}

/**
 * Reads an example message, for tests.
 * @param invitee what it says of the invitee instead, and `event` of the event
 */
export function calendlyFixture(
  name: CalendlyFixtureName,
  invitee: Record<string, unknown> = {},
  event: Record<string, unknown> = {},
): CalendlyBody {
  const url = new URL(`./fixtures/${name}.json`, import.meta.url);
  const body = JSON.parse(readFileSync(url, "utf8")) as CalendlyBody;
  const before = body.payload["scheduled_event"] as Record<string, unknown>;
  const payload = { ...body.payload, scheduled_event: { ...before, ...event }, ...invitee };
  return { ...body, payload };
}
