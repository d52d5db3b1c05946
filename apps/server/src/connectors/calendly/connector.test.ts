import { describeConnector } from "../connector.contract.ts";
import { calendlyConnector } from "./connector.ts";
import { calendlyFixture } from "./fixtures.ts";
import { signedHeaders } from "./signature.ts";

const created = calendlyFixture("invitee_created");

describeConnector("calendly", {
  connector: calendlyConnector,
  sign: (body, secret) => signedHeaders(body, secret, new Date("2026-01-10T12:00:00Z")),
  samples: {
    created,
    requested: { cannot: "a place is taken at once" },
    rescheduled: calendlyFixture("invitee_created_moved"),
    cancelled: calendlyFixture("invitee_canceled"),
    rejected: { cannot: "nobody has to confirm" },
    started: { cannot: "it tells nothing of the day" },
    completed: { cannot: "it tells nothing of the day" },
    no_show: calendlyFixture("invitee_no_show_created"),
    no_show_cleared: calendlyFixture("invitee_no_show_deleted"),
  },
  reschedulesUnderNewId: true,
  unknownTrigger: { ...created, event: "routing_form_submission.created" },
  withoutStart: calendlyFixture("invitee_created", {}, { start_time: null }),
  withStart: (start_time) => calendlyFixture("invitee_created", {}, { start_time }),
});
