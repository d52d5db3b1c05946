import { judgeByStatus } from "./judge-by-status.ts";
import { jsonHeaders, type Profile } from "./profile.ts";

/**
 * A planning system that wants to hear when a booking's status changed, and nothing else. It
 * knows statuses in capitals (`CONFIRMED`). `timestamp` is when the change happened, so that a
 * repetition is the same body.
 */
export const externalCalendarProfile: Profile = {
  name: "external_calendar",
  modes: ["thin", "compat", "full"],
  personalModes: ["full"],
  encode(event) {
    if (event.old_status === null) return { skip: "The booking is new: no status has changed." };
    if (event.old_status === event.new_status) return { skip: "The status has not changed." };
    const body = {
      action: "status_changed",
      booking_id: event.booking_id,
      old_status: event.old_status.toUpperCase(),
      new_status: event.new_status.toUpperCase(),
      timestamp: event.occurred_at,
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
