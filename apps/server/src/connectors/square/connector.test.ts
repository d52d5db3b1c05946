import { contractUrl, describeConnector } from "../connector.contract.ts";
import { squareConnector } from "./connector.ts";
import { squareFixture } from "./fixtures.ts";
import { signedHeaders } from "./signature.ts";

const created = squareFixture("booking_created");

describeConnector("square", {
  connector: squareConnector,
  sign: (body, secret) => signedHeaders(body, secret, contractUrl),
  samples: {
    created,
    requested: squareFixture("booking_requested"),
    rescheduled: { cannot: "an update says what is: the ledger sees that the time is another" },
    cancelled: squareFixture("booking_cancelled"),
    rejected: squareFixture("booking_declined"),
    started: { cannot: "it tells nothing of the day" },
    completed: { cannot: "it tells nothing of the day" },
    no_show: squareFixture("booking_no_show"),
    no_show_cleared: { cannot: "it tells the state alone: then it is accepted again" },
  },
  reschedulesUnderNewId: false,
  unknownTrigger: { ...created, type: "booking.custom_attribute.updated" },
  tellsDuration: "an appointment has a start and the lengths of its segments",
  withoutStart: squareFixture("booking_created", { start_at: null }),
  withStart: (start_at) => squareFixture("booking_created", { start_at }),
});
