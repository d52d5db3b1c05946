import { readFileSync } from "node:fs";

/**
 * One message of each trigger, written by hand in the documented shape: one booking's story, and
 * what goes on around it. No payload is documented of `calendar_entry_rejected`.
 */
export const calcomFixtureNames = [
  "booking_created",
  "booking_payment_initiated",
  "booking_paid",
  "booking_requested",
  "booking_rejected",
  "booking_rescheduled",
  "booking_cancelled",
  "booking_no_show_updated",
  "booking_location_updated",
  "booking_reassigned",
  "meeting_started",
  "meeting_ended",
  "recording_ready",
  "recording_transcription_generated",
  "instant_meeting",
  "instant_meeting_accepted",
  "after_hosts_cal_video_no_show",
  "after_guests_cal_video_no_show",
  "form_submitted",
  "form_submitted_no_event",
  "routing_form_fallback_hit",
  "wrong_assignment_report",
  "ooo_created",
  "delegation_credential_error",
  "delegation_credential_secret_rotation_failed",
  "delegation_credential_rotation_required",
  "delegation_credential_secret_rotated",
  "calendar_entry_rejected",
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
