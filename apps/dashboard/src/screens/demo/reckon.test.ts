import type { BookingEvent, DemoVisit } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { aBooking } from "../../../test/a-booking.ts";
import { hear, type Heard, nothingHeard, reckon, type Truth } from "./reckon.ts";

const visit = (id: string, given: Partial<DemoVisit> = {}): DemoVisit => ({
  id,
  uids: [id],
  status: "confirmed",
  starts_at: "2026-11-21T10:00:00.000Z",
  ends_at: "2026-11-21T11:00:00.000Z",
  ...given,
});

/** An event that tells of a visit as it is, told by the source. */
function tells(seq: number, of: DemoVisit, given: Partial<BookingEvent> = {}): BookingEvent {
  const booking = aBooking({
    status: of.status,
    starts_at: of.starts_at,
    ends_at: of.ends_at,
    external_refs: of.uids.map((uid) => ({
      connection_id: "00000000-0000-4000-8000-00000000000c",
      kind: "uid",
      external_id: uid,
      superseded_at: null,
    })),
  });
  return {
    id: `00000000-0000-4000-9000-${String(seq).padStart(12, "0")}`,
    seq,
    type: "booking.updated",
    event_type: "updated",
    occurred_at: of.starts_at,
    recorded_at: of.starts_at,
    booking_id: of.id,
    booking_version: seq,
    booking_number: 1,
    old_status: null,
    new_status: of.status,
    changed_fields: [],
    description: "",
    irregular: false,
    actor: { kind: "connection", id: null, name: null },
    source: { connection_id: null, kind: "calcom" },
    data: { booking },
    ...given,
  };
}

function heardOf(events: readonly BookingEvent[]): Heard {
  const heard = nothingHeard(10);
  for (const event of events) hear(heard, event);
  return heard;
}

/** Two visits, one of which was cancelled; everything is over and told. */
const [anna, bosse] = [visit("anna"), visit("bosse", { status: "cancelled" })];
const events = [tells(11, anna), tells(12, visit("bosse")), tells(13, bosse)];
const truth: Truth = {
  sent: 3,
  visits: new Map([anna, bosse].map((one) => [one.id, one])),
  open: new Set(),
  unprocessed: 0,
  before: 13,
  position: 13,
};
const right = { sent: 3, shown: 3, lost: 0, doubled: 0, underWay: 0 };
const [first, second, third] = events as [BookingEvent, BookingEvent, BookingEvent];
const moved = visit("anna", { starts_at: "2026-11-22T10:00:00.000Z", uids: ["anna", "anna2"] });

const table: readonly [string, readonly BookingEvent[], Partial<Truth>, object][] = [
  ["all is told", events, {}, right],
  ["events come in another order", [third, first, second], {}, right],
  ["what was before the beginning comes again", [tells(10, anna), ...events], {}, right],
  ["an event in the middle is missing", [first, third], {}, { ...right, shown: 2, lost: 1 }],
  [
    "the last event is missing, and the page believes that it has heard all",
    [first, second],
    { position: 12, before: 12 },
    { ...right, shown: 2, lost: 1 },
  ],
  [
    "the last event has not come yet",
    [first, second],
    {},
    // Nothing is judged before the page has heard all of the log.
    { ...right, shown: 2, underWay: 1 },
  ],
  ["no event came at all", [], {}, { ...right, shown: 0, underWay: 2 }],
  [
    "no event came at all, and there is none",
    [],
    { position: 10, before: 10 },
    { ...right, shown: 0, lost: 2 },
  ],
  ["an event is shown twice", [...events, second], {}, { ...right, doubled: 1 }],
  [
    "one visit is two bookings",
    [...events, tells(14, anna, { booking_id: "another" })],
    { position: 14, before: 14 },
    { ...right, shown: 4, doubled: 1 },
  ],
  [
    "one visit is two bookings while a message about it is open",
    [...events, tells(14, anna, { booking_id: "another" })],
    { position: 14, before: 14, open: new Set(["anna"]) },
    { ...right, shown: 4 },
  ],
  [
    "one visit was two bookings, until they were joined",
    [
      ...events,
      tells(14, anna, { booking_id: "another" }),
      tells(15, anna, {
        booking_id: "another",
        data: { booking: aBooking({ deleted_at: "2026-11-21T10:00:00.000Z" }) },
      }),
    ],
    { position: 15, before: 15 },
    { ...right, shown: 5 },
  ],
  [
    "a visit moved, and its message is held back",
    events,
    { visits: new Map([["anna", moved]]), open: new Set(["anna"]) },
    { ...right, underWay: 1 },
  ],
  [
    "a visit moved, and its message waits at the hub",
    events,
    { visits: new Map([["anna", moved]]), unprocessed: 1 },
    { ...right, underWay: 1 },
  ],
  [
    "a visit moved, and nothing will tell so any more",
    events,
    { visits: new Map([["anna", moved]]) },
    { ...right, lost: 1 },
  ],
  [
    "a visit is told of with the right times under an id of before",
    [...events, tells(14, { ...moved, uids: ["anna"] }, { booking_id: "anna" })],
    { visits: new Map([["anna", moved]]), position: 14, before: 14 },
    { ...right, shown: 4, lost: 1 },
  ],
  [
    "the page has heard of more than the source had said",
    [...events, tells(14, moved)],
    { position: 14 },
    { ...right, shown: 4, underWay: 1 },
  ],
  [
    "somebody changed a booking at the hub",
    [
      ...events,
      tells(14, visit("anna", { status: "cancelled" }), {
        actor: { kind: "user", id: null, name: "Mette" },
      }),
    ],
    { position: 14, before: 14 },
    { ...right, shown: 4 },
  ],
];

describe("the reckoning of what was sent, shown, lost and doubled", () => {
  it.each(table)("%s", (_, told, given, expected) => {
    expect(reckon(heardOf(told), { ...truth, ...given })).toEqual(expected);
  });

  it("says lost for every single event that is taken out, of the last one as well", () => {
    const all = Array.from({ length: 50 }, (_, no) => visit(`v${no}`));
    const told = all.map((one, no) => tells(11 + no, one));
    const whole = { ...truth, visits: new Map(all.map((one) => [one.id, one])) };
    for (const gone of told) {
      const rest = told.filter((one) => one !== gone);
      const position = rest.at(-1)?.seq ?? 10;
      const { lost } = reckon(heardOf(rest), { ...whole, position, before: position });
      expect(lost).toBeGreaterThan(0);
    }
  });
});
