import type { BookingEvent } from "@slotwire/contract";
import { judgeByStatus } from "./judge-by-status.ts";
import { type EncodeTarget, jsonHeaders, type Profile } from "./profile.ts";
import { thinEvent } from "./thin-event.ts";

/** What happened, in the planning system's words. */
type Action = "created" | "status_changed" | "rescheduled" | "updated" | "deleted" | "restored";

/**
 * A planning system that wants to hear when a booking's status changed. It knows statuses in
 * capitals (`CONFIRMED`). `timestamp` is when the change happened, so that a repetition is the
 * same body; in `compat`, whose bodies have no version to go by, it is when the hub wrote the change
 * down, as a source's own time may lie before that of an earlier change. `compat` is what such
 * systems have always been sent: changes of status, and of the other actions those alone whose
 * event types were named one by one.
 */
export const externalCalendarProfile: Profile = {
  name: "external_calendar",
  modes: ["thin", "compat", "full"],
  personalModes: ["full"],
  defaults: { filter: { transitions: "calendar_affecting" } },
  encode(event, target) {
    const action = actionOf(event);
    const isCompat = target.payloadMode === "compat";
    if (isCompat && !isExpected(action, event, target)) {
      return { skip: `The status has not changed (${action}), and nothing else was asked for.` };
    }
    const body = {
      action,
      booking_id: event.booking_id,
      old_status: event.old_status?.toUpperCase() ?? null,
      new_status: event.new_status.toUpperCase(),
      timestamp: isCompat ? event.recorded_at : event.occurred_at,
      ...(isCompat ? {} : more(event, target)),
    };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeTest(_target, at) {
    const body = { action: "test", timestamp: at.toISOString() };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  judge: judgeByStatus,
  keyHeader: (key) => ({ name: "authorization", value: `Bearer ${key}` }),
};

function actionOf(event: BookingEvent): Action {
  if (event.old_status === null) return "created";
  if (event.type === "booking.deleted") return "deleted";
  if (event.changed_fields.includes("deleted_at")) return "restored";
  if (event.old_status !== event.new_status) return "status_changed";
  const moved = ["starts_at", "ends_at"].some((field) => event.changed_fields.includes(field));
  return moved || event.type === "booking.rescheduled" ? "rescheduled" : "updated";
}

function isExpected(action: Action, { type }: BookingEvent, { eventTypes }: EncodeTarget): boolean {
  return action === "status_changed" || eventTypes.includes(type);
}

/** What a receiver needs to drop what is out of date, and to ask for the rest. */
function more(event: BookingEvent, { payloadMode, publicUrl }: EncodeTarget) {
  const thin = thinEvent(event);
  return {
    id: thin.id,
    type: thin.type,
    booking_version: thin.booking_version,
    sequence: thin.seq,
    changed_fields: thin.changed_fields,
    url: `${publicUrl}/api/v1/bookings/${event.booking_id}`,
    ...(payloadMode === "full" ? { booking: event.data.booking } : {}),
  };
}
