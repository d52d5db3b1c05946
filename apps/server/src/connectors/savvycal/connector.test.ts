import { describeConnector } from "../connector.contract.ts";
import { savvycalConnector } from "./connector.ts";
import { savvycalFixture } from "./fixtures.ts";
import { signedHeaders } from "./signature.ts";

const created = savvycalFixture("event_created");

describeConnector("savvycal", {
  connector: savvycalConnector,
  sign: signedHeaders,
  samples: {
    created,
    requested: savvycalFixture("event_requested"),
    rescheduled: savvycalFixture("event_rescheduled"),
    cancelled: savvycalFixture("event_canceled"),
    rejected: savvycalFixture("event_declined"),
    started: { cannot: "it tells nothing of the day" },
    completed: { cannot: "it tells nothing of the day" },
    no_show: { cannot: "it knows no no-shows" },
    no_show_cleared: { cannot: "it knows no no-shows" },
  },
  reschedulesUnderNewId: false,
  unknownTrigger: { ...created, type: "poll.response.created" },
  withoutStart: savvycalFixture("event_created", { start_at: null }),
  withStart: (start_at) => savvycalFixture("event_created", { start_at }),
});
