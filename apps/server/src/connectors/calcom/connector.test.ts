import { createHmac } from "node:crypto";
import { calcomConnector } from "./connector.ts";
import { describeConnector } from "../connector.contract.ts";
import { calcomFixture } from "./fixtures.ts";

const created = calcomFixture("booking_created");

describeConnector("calcom", {
  connector: calcomConnector,
  sign: (body, secret) => ({
    "x-cal-signature-256": createHmac("sha256", secret).update(body).digest("hex"),
  }),
  samples: {
    created,
    requested: calcomFixture("booking_requested"),
    rescheduled: calcomFixture("booking_rescheduled"),
    cancelled: calcomFixture("booking_cancelled"),
    rejected: calcomFixture("booking_rejected"),
    started: calcomFixture("meeting_started"),
    completed: calcomFixture("meeting_ended"),
    no_show: calcomFixture("booking_no_show_updated"),
    no_show_cleared: calcomFixture("booking_no_show_updated", {
      attendees: [{ email: "jan.kowalski@mail.example", noShow: false }],
    }),
  },
  reschedulesUnderNewId: true,
  unknownTrigger: { ...created, triggerEvent: "BOOKING_TELEPORTED" },
  withoutStart: { triggerEvent: "BOOKING_CREATED", payload: { uid: "test" } },
  withStart: (startTime) => calcomFixture("booking_created", { startTime }),
});
