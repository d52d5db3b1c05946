import { showAlert } from "../../domain/views/show-alert.ts";
import { joinAsArray } from "./join-as-array.ts";
import { judgeByStatus } from "./judge-by-status.ts";
import { jsonHeaders, type Profile, TEST_TYPE } from "./profile.ts";
import { thinEvent } from "./thin-event.ts";

/** The event itself as the body, as it stands in the log and on the stream. */
export const plainProfile: Profile = {
  name: "plain",
  modes: ["thin", "full"],
  personalModes: ["full"],
  encode(event, { payloadMode }) {
    const body = payloadMode === "full" ? event : thinEvent(event);
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeOperational({ type, timestamp, data }, { payloadMode }) {
    const alert = showAlert(data.alert, payloadMode === "full" ? "full" : "ids");
    const body = { type, occurred_at: timestamp, data: { alert } };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeBatch: joinAsArray,
  encodeTest(target, at) {
    const data = { destination_id: target.id, message: `A test from Slotwire to ${target.name}` };
    const body = { type: TEST_TYPE, occurred_at: at.toISOString(), data };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  judge: judgeByStatus,
  keyHeader: (key) => ({ name: "authorization", value: `Bearer ${key}` }),
};
