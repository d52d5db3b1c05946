import fc from "fast-check";
import { acuityMessage } from "../../src/connectors/acuity/fixtures.ts";
import { calcomFixture, calcomFixtureNames } from "../../src/connectors/calcom/fixtures.ts";
import { calendlyFixture, calendlyFixtureNames } from "../../src/connectors/calendly/fixtures.ts";
import { savvycalFixture, savvycalFixtureNames } from "../../src/connectors/savvycal/fixtures.ts";
import { squareFixture, squareFixtureNames } from "../../src/connectors/square/fixtures.ts";
import { histories, live } from "../calcom-history.ts";

export type Body = Record<string, unknown>;

/** The messages of one true history, in the order in which its source sends them. */
export type Story = readonly Body[];

/** The stories of each kind of source, drawn by a seed. Ids are made the teller's by `ofVisit`. */
export function storiesOf(seed: number): Readonly<Record<string, readonly Story[]>> {
  const lives = fc.sample(histories, { seed, numRuns: 60 });
  return {
    calcom: [
      calcomFixtureNames.map((name) => calcomFixture(name)),
      ...lives.map((wanted) => live(wanted).messages.map(({ body }) => body as Body)),
    ],
    calendly: [calendlyFixtureNames.map((name) => calendlyFixture(name))],
    acuity: [
      ["scheduled", "changed", "rescheduled", "canceled", "order.completed"].map((action) =>
        acuityMessage(action),
      ),
    ],
    square: [squareFixtureNames.map((name) => squareFixture(name))],
    savvycal: [savvycalFixtureNames.map((name) => savvycalFixture(name))],
    bookme: [bookmeStory],
    generic: [genericStory, genericStory.map(abroad)],
    supabase: [supabaseRows, supabaseEvents, supabaseTables],
    notify: [notifyStory],
    external_calendar: [calendarStory],
    memory: [memoryStory],
  };
}

const isId = /^(?:u?id|uri|.*(?:_id|Id|Uid|UID|_uid|_uri|_invitee)|event|scheduled_event)$/;

/** The story of another visit: the same, under ids of its own. */
export function ofVisit(story: Story, visit: number): Story {
  return JSON.parse(
    JSON.stringify(story, (name, value: unknown) => {
      if (!isId.test(name)) return value;
      if (typeof value === "number") return value + visit;
      const isName = typeof value === "string" && !/^[a-z]+[._][a-z._]+$/.test(value);
      return isName ? `${value}${visit}` : value;
    }),
  ) as Story;
}

const bookmeBooking = {
  bookingId: "b-",
  eventType: "workshop",
  name: "Jan Kowalski",
  email: "jan@mail.example",
  phone: "070-123 45 67",
  company: "Acme AB",
  scheduledDate: "2026-02-15T10:00:00Z",
  duration: 120,
  source: "bookme",
  notes: "Projector, please",
  meetingUrl: "https://meet.example/abc",
  createdAt: "2026-01-02T08:00:00Z",
};

const bookmeChanges: readonly Body[] = [
  { event: "booking.updated", notes: "None" },
  { event: "booking.rescheduled", scheduledDate: "2026-02-16T10:00:00+01:00", duration: 60 },
  { event: "booking.no_show" },
  { event: "booking.completed" },
  { event: "booking.cancelled", reason: "Ill" },
];

const bookmeStory: Story = [
  bookmeBooking,
  ...bookmeChanges.map((said, at) => ({
    ...bookmeBooking,
    ...said,
    occurredAt: `2026-01-0${3 + at}T08:00:00Z`,
  })),
];

/** What the mappings of `fuzz-sources.ts` read. */
const genericStory: Story = ["made", "moved", "paid", "absent", "gone"].map((what, at) => ({
  what,
  id: "g-",
  old_id: what === "moved" ? "h-" : null,
  from: `2026-07-0${1 + at} 09:00`,
  len: 45,
  state: what === "gone" ? "off" : "OK",
  who: { first: "Jan", last: "Kowalski", mail: "jan@mail.example" },
  answers: [
    { question: "Phone", answer: "+46 70 123 45 67" },
    { question: "Pet", answer: "Burek" },
  ],
  fee: 1250,
  money: "SEK",
  at: `2026-01-0${1 + at}T08:00:00Z`,
}));

function abroad(body: Body, at: number): Body {
  const times = { from: 1_782_900_000 + at * 3_600, len: 1.5, at: `0${1 + at}/07/2026 09:30` };
  return { ...body, ...times, zone: "America/New_York" };
}

const row = {
  id: "s-",
  booking_number: "B-7",
  status: "confirmed",
  start_time: "2026-01-05 09:00:00+00",
  end_time: "2026-01-05 10:00:00+00",
  duration_minutes: 60,
  total_price: "450.00",
  currency: "sek",
  client_name: "Jan Kowalski",
  client_email: "jan@mail.example",
  notes: "Shy.",
  updated_at: "2026-01-02T08:00:00.5+00:00",
};

const told = (type: string, at: number, details: Body = {}): Body => ({
  event_type: type,
  booking_event: {
    id: `${type}-`,
    booking_id: "s-",
    event_type: type,
    old_status: at === 0 ? null : "confirmed",
    new_status: details["status"] ?? "confirmed",
    description: "",
    created_at: `2026-01-0${2 + at}T08:00:00Z`,
  },
  booking_details: { ...row, ...details },
  client_info: { id: "c-", name: "Jan Kowalski", email: "jan@mail.example", phone: "0701234567" },
  provider_info: { id: "p-", name: "Ewa Nowak", email: "ewa@salon.example" },
});

const supabaseEvents: Story = [
  told("created", 0),
  told("rescheduled", 1, { start_time: "2026-01-06T09:00:00Z", end_time: "2026-01-06T10:00:00Z" }),
  told("status_changed", 2, { status: "in_progress" }),
  told("completed", 3, { status: "completed" }),
  told("no_show", 4, { status: "no_show" }),
  told("cancelled", 5, { status: "cancelled" }),
];

const change = (type: string, record: Body | null, old: Body | null): Body => ({
  type,
  table: "bookings",
  schema: "public",
  record,
  old_record: old,
});

const supabaseRows: Story = [
  change("INSERT", row, null),
  change("UPDATE", { ...row, start_time: "2026-01-06 09:00:00+00" }, row),
  change("UPDATE", { ...row, status: "no_show" }, row),
  change("UPDATE", { ...row, status: "cancelled" }, row),
  change("DELETE", null, row),
];

const supabaseTables: Story = supabaseEvents.map(({ booking_event: record }) => ({
  type: "INSERT",
  table: "booking_events",
  schema: "public",
  record,
  old_record: null,
}));

const notifyStory: Story = ["confirmed", "cancelled", "completed"].map((status) => ({
  booking_id: "b-",
  old_status: "confirmed",
  new_status: status,
}));

const calendarStory: Story = ["CONFIRMED", "CANCELLED", "off", "PACKED"].flatMap((status) => [
  { booking_id: "b-", action: "failed", reason: "no room" },
  {
    booking_id: "0199b5a0-0000-7000-8000-00000000000",
    action: "status_changed",
    status,
    timestamp: "2026-01-05T08:00:00Z",
    reason: "closed",
  },
]);

const memoryStory: Story = [
  "requested",
  "confirmed",
  "rescheduled",
  "started",
  "completed",
  "no_show",
  "no_show_cleared",
  "cancelled",
  "rejected",
].map((event, at) => ({
  event: `booking.${event}`,
  occurred_at: `2026-01-0${1 + at}T08:00:00Z`,
  booking: {
    id: at < 2 ? "m-" : "n-",
    previous_id: event === "rescheduled" ? "m-" : null,
    ical_uid: "m-",
    sequence: at,
    starts_at: `2026-02-0${1 + at}T10:00:00+01:00`,
    ends_at: `2026-02-0${1 + at}T11:00:00+01:00`,
    time_zone: "Europe/Warsaw",
    title: "Grooming",
    provider: { name: "Ewa Nowak", email: "ewa@salon.example" },
    service: { key: "grooming", name: "Grooming" },
    attendees: [{ name: "Jan Kowalski", email: "jan@mail.example", status: "accepted" }],
    metadata: { pet: "Burek" },
  },
}));
