import { bodySignature } from "../body-signature.ts";
import { describeConnector } from "../connector.contract.ts";
import { bookmeConnector } from "./connector.ts";

const booking = {
  bookingId: "b-1",
  eventType: "workshop",
  name: "Test Person",
  email: "test@example.com",
  phone: "+46 70 123 45 67",
  company: "Acme AB",
  scheduledDate: "2026-02-15T10:00:00Z",
  duration: 120,
  meetingUrl: "https://meet.example/abc",
  notes: "Two of us need a projector.",
  source: "bookme",
  createdAt: "2026-01-02T08:00:00Z",
};

const instant = "a site confirms every booking at once";

describeConnector("bookme", {
  connector: bookmeConnector,
  sign: bodySignature,
  samples: {
    created: booking,
    requested: { cannot: instant },
    rescheduled: {
      ...booking,
      event: "booking.rescheduled",
      scheduledDate: "2026-02-16T10:00:00Z",
    },
    cancelled: { ...booking, event: "booking.cancelled", reason: "ill" },
    rejected: { cannot: instant },
    started: { cannot: "a site does not know when a visit begins" },
    completed: { ...booking, event: "booking.completed" },
    no_show: { ...booking, event: "booking.no_show" },
    no_show_cleared: { cannot: "a site has no such message" },
  },
  reschedulesUnderNewId: false,
  unknownTrigger: { ...booking, event: "booking.teleported" },
  unknownIs: "failed",
  startIsMissing: "failed",
  localTimes: "a site may write the organisation's time",
  tellsDuration: "a site tells how long a visit takes, not when it ends",
  withoutStart: { ...booking, scheduledDate: undefined },
  withStart: (scheduledDate) => ({ ...booking, scheduledDate }),
});
