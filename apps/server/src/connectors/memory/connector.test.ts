import { ManualClock } from "../../clock.ts";
import { describeConnector, type Sample } from "../connector.contract.ts";
import { memoryConnector } from "./connector.ts";
import { signedHeaders } from "./signature.ts";
import { MemorySource, type SourceMessage } from "./source.ts";

const source = new MemorySource({ secret: "s", clock: new ManualClock("2026-01-02T08:00:00Z") });
const draft = {
  startsAt: "2026-01-05T09:00:00.000Z",
  endsAt: "2026-01-05T10:00:00.000Z",
  title: "Grooming",
  attendee: { name: "Jan Kowalski", email: "jan@mail.example" },
};
const parse = (message: SourceMessage): Sample => JSON.parse(message.body.toString()) as Sample;

const first = source.book(draft);
const created = parse(first);
const rescheduled = source.reschedule(
  first.uid,
  "2026-01-06T09:00:00.000Z",
  "2026-01-06T10:00:00.000Z",
);
const started = parse(source.start(rescheduled.uid));
const completed = parse(source.complete(rescheduled.uid));
const noShow = parse(source.markNoShow(rescheduled.uid));
const noShowCleared = parse(source.clearNoShow(rescheduled.uid));

function withBooking(change: Record<string, unknown>): Sample {
  return { ...created, booking: { ...(created["booking"] as Sample), ...change } };
}

describeConnector("memory", {
  connector: memoryConnector,
  sign: signedHeaders,
  samples: {
    created,
    requested: parse(source.request(draft)),
    rescheduled: parse(rescheduled),
    cancelled: parse(source.cancel(rescheduled.uid, "ill")),
    rejected: parse(source.reject(source.request(draft).uid, "closed")),
    started,
    completed,
    no_show: noShow,
    no_show_cleared: noShowCleared,
  },
  reschedulesUnderNewId: true,
  unknownTrigger: { ...created, event: "booking.teleported" },
  withoutStart: withBooking({ starts_at: null }),
  withStart: (starts_at) => withBooking({ starts_at }),
});
