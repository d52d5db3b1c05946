import type { BookingEvent, OperationalWebhook, StandardWebhook } from "@slotwire/contract";
import { showAlert } from "../../domain/views/show-alert.ts";
import { joinAsArray } from "./join-as-array.ts";
import { judgeByStatus } from "./judge-by-status.ts";
import { jsonHeaders, type Profile, TEST_TYPE } from "./profile.ts";
import { thinEvent } from "./thin-event.ts";

/** Standard Webhooks 1.0.0: `{ type, timestamp, data }` with the event as data. */
export const standardProfile: Profile = {
  name: "standard",
  modes: ["thin", "full"],
  personalModes: ["full"],
  encode(event, { payloadMode }) {
    const data: BookingEvent = payloadMode === "full" ? event : thinEvent(event);
    const body: StandardWebhook = { type: event.type, timestamp: event.occurred_at, data };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeOperational({ type, timestamp, data }, { payloadMode }) {
    const alert = showAlert(data.alert, payloadMode === "full" ? "full" : "ids");
    const body: OperationalWebhook = { type, timestamp, data: { alert } };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeBatch: joinAsArray,
  encodeTest(target, at) {
    const data = { destination_id: target.id, message: `A test from Slotwire to ${target.name}` };
    const body = { type: TEST_TYPE, timestamp: at.toISOString(), data };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  judge: judgeByStatus,
  keyHeader: (key) => ({ name: "authorization", value: `Bearer ${key}` }),
};
