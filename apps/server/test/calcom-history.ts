import fc from "fast-check";
import { ManualClock } from "../src/clock.ts";
import {
  CalcomSource,
  type SimulatedBooking,
  type SimulatedDraft,
  type SimulatedMessage,
} from "./calcom-source.ts";

const MINUTE = 60_000;

const steps = [
  "confirm",
  "reject",
  "pay",
  "reschedule",
  "ask_to_reschedule",
  "ask_to_move",
  "cancel",
  "take_seat",
  "cancel_seat",
  "move_class",
  "locate",
  "reassign",
  "start",
  "end",
  "end_old",
  "no_show",
  "came",
] as const;
type Step = (typeof steps)[number];

/** How a history begins, and what is tried after that; `pick` chooses among people and places. */
interface History {
  readonly begins: "book" | "request" | "pay" | "class" | "series";
  readonly hasSeatIds: boolean;
  readonly steps: readonly { readonly step: Step; readonly pick: number }[];
}

/** Histories of bookings at Cal.com. */
export const histories: fc.Arbitrary<readonly History[]> = fc.array(
  fc.record({
    begins: fc.constantFrom("book", "request", "pay", "class", "series"),
    hasSeatIds: fc.boolean(),
    steps: fc.array(fc.record({ step: fc.constantFrom(...steps), pick: fc.nat(99) }), {
      maxLength: 14,
    }),
  }),
  { minLength: 1, maxLength: 3 },
);

/** How their messages arrive: each at any place, some twice, some by two webhooks of one URL. */
export const arrivals = fc.record({
  order: fc.array(fc.nat(9999), { minLength: 60, maxLength: 60 }),
  again: fc.array(fc.constantFrom("once", "once", "twice", "twin"), {
    minLength: 60,
    maxLength: 60,
  }),
  /** Whether the middle of chains of reschedules is lost. */
  losesMiddle: fc.boolean(),
});

export interface Arrivals {
  readonly order: readonly number[];
  readonly again: readonly string[];
  readonly losesMiddle: boolean;
}

/** Lets histories happen at a simulated Cal.com. */
export function live(wanted: readonly History[]): CalcomSource {
  const clock = new ManualClock("2026-01-02T08:00:00.000Z");
  const source = new CalcomSource(clock);
  wanted.forEach((history, number) => {
    for (const uid of begin(source, clock, history, number)) {
      const olds: SimulatedBooking[] = [];
      for (const one of history.steps) {
        clock.advance(MINUTE);
        take({ source, clock, uid, olds, hasSeatIds: history.hasSeatIds }, one);
      }
    }
  });
  return source;
}

const places = ["ul. Kocia 9", "integrations:daily", "https://meet.example/a", "ul. Rybia 1"];
const hosts = [
  { id: 8, name: "Piotr Zając", email: "piotr@salon.example" },
  { id: 9, name: "Anna Lis", email: "anna@salon.example" },
];
const guests = [
  { name: "Jan Kowalski", email: "jan@mail.example" },
  { name: "Ola Nowak", email: "ola@mail.example" },
  { name: "Iza Król", email: "iza@mail.example" },
];

function begin(
  source: CalcomSource,
  clock: ManualClock,
  { begins, hasSeatIds }: History,
  number: number,
): string[] {
  const draft: SimulatedDraft = {
    title: `Visit ${number}`,
    startsAt: tomorrow(clock),
    minutes: 60,
    people: guests.slice(0, 1 + (number % 2)),
  };
  switch (begins) {
    case "book":
      return [source.book(draft)];
    case "request":
      return [source.request(draft)];
    case "pay":
      return [source.bookToPay(draft)];
    case "class":
      return [source.book({ ...draft, people: guests.slice(0, 1), seats: 8, hasSeatIds })];
    case "series": {
      const seriesIcalUid = `series-${number}@google.com`;
      return [1, 2, 3].map((day) => {
        clock.advance(MINUTE);
        const startsAt = new Date(Date.parse(draft.startsAt) + day * 24 * 60 * MINUTE);
        return source.book({ ...draft, startsAt: startsAt.toISOString(), seriesIcalUid });
      });
    }
  }
}

function tomorrow(clock: ManualClock): string {
  return new Date(clock.now().getTime() + 24 * 60 * MINUTE).toISOString();
}

interface Scene {
  readonly source: CalcomSource;
  readonly clock: ManualClock;
  readonly uid: string;
  /** What was given up by reschedules. */
  readonly olds: SimulatedBooking[];
  readonly hasSeatIds: boolean;
}

/** What makes sense for a booking now. */
function sensible({ source, clock, uid, olds }: Scene): readonly Step[] {
  const booking = source.find(uid);
  const { status, seats, people, payment, isSeries } = booking;
  const isMarked = people.some((one) => one.status === "no_show");
  const isAhead = clock.now().getTime() < Date.parse(booking.startsAt);
  const old: readonly Step[] = olds.length > 0 ? ["end_old"] : [];
  if (isMarked) return ["no_show", "came", "end"];
  switch (status) {
    case "pending":
      if (payment === "initiated") return ["pay", "cancel"];
      return ["confirm", "reject", "ask_to_reschedule", "cancel", "locate", ...old];
    case "confirmed": {
      const always: readonly Step[] = ["cancel", "locate", "reassign", "start", "end", "no_show"];
      const seated: readonly Step[] = ["take_seat", "cancel_seat", "move_class"];
      if (seats !== null) return isAhead ? [...always, ...seated] : always;
      // A reschedule of an occurrence does not say that it is one: told before anything else of
      // its series, it could be a reschedule of any occurrence.
      if (isSeries) return always;
      return [...always, "reschedule", "ask_to_reschedule", "ask_to_move", ...old];
    }
    case "in_progress":
      return ["end", "no_show"];
    case "completed":
      return ["no_show"];
    case "cancelled":
      if (seats !== null) return isAhead ? ["take_seat"] : ["end"];
      return booking.isAskedToMove ? ["reschedule"] : ["start", "end", ...old];
    default:
      return ["end", ...old];
  }
}

function take(scene: Scene, { step, pick }: { readonly step: Step; readonly pick: number }): void {
  const { source, clock, uid, olds, hasSeatIds } = scene;
  if (!sensible(scene).includes(step)) return;
  const booking = source.find(uid);
  const coming = booking.people.filter(({ status }) => status !== "cancelled");
  const someone = coming[pick % Math.max(coming.length, 1)]?.email ?? "";
  switch (step) {
    case "reschedule":
    case "ask_to_reschedule":
      if (booking.frozen !== null) olds.push(booking);
      source.reschedule(uid, tomorrow(clock), step === "ask_to_reschedule");
      return;
    case "take_seat": {
      const guest = guests[pick % guests.length];
      const isIn = coming.some(({ email }) => email === guest?.email);
      if (guest !== undefined && !isIn) {
        source.takeSeat(uid, guest.name, guest.email, hasSeatIds);
      }
      return;
    }
    case "cancel_seat":
      source.cancelSeat(uid, someone);
      return;
    case "move_class":
      source.moveClass(uid, tomorrow(clock));
      return;
    case "locate":
      source.move(uid, places[pick % places.length] ?? "");
      return;
    case "reassign":
      source.reassign(uid, hosts[pick % hosts.length] ?? booking.host);
      return;
    case "start":
      moveTo(clock, booking.startsAt);
      source.start(uid);
      return;
    case "end":
      moveTo(clock, booking.endsAt);
      source.end(uid);
      return;
    case "end_old": {
      const old = olds[pick % olds.length];
      if (old !== undefined) source.endOld(old.uids.at(-1) ?? "", old);
      return;
    }
    case "no_show":
    case "came":
      moveTo(clock, pick % 2 === 0 ? booking.startsAt : booking.endsAt);
      source.markNoShow(uid, someone, step === "no_show");
      return;
    case "confirm":
    case "reject":
    case "pay":
    case "cancel":
      source[step](uid);
      return;
    case "ask_to_move":
      source.askToMove(uid);
  }
}

function moveTo(clock: ManualClock, instant: string): void {
  clock.advance(Math.max(0, Date.parse(instant) - clock.now().getTime()));
}

/** The messages as they arrive: shuffled, repeated, and some of them lost. */
export function arriving(source: CalcomSource, how: Arrivals): readonly SimulatedMessage[] {
  const { order, again } = how;
  const sent = how.losesMiddle ? withoutMiddle(source) : source.messages;
  return sent
    .flatMap((message, at) => {
      const weight = order[at % order.length] ?? 0;
      const second = order[(at * 7 + 13) % order.length] ?? 0;
      const often = again[at % again.length];
      if (often === "once") return [{ message, weight }];
      const other = often === "twin" ? twinOf(message) : message;
      return [
        { message, weight },
        { message: other, weight: second },
      ];
    })
    .toSorted((a, b) => a.weight - b.weight)
    .map(({ message }) => message);
}

/** The same event by a second webhook of the same URL: it was sent some milliseconds later. */
function twinOf(message: SimulatedMessage): SimulatedMessage {
  const { createdAt } = message.body;
  const later = new Date(Date.parse(String(createdAt)) + 3).toISOString();
  return { ...message, body: { ...message.body, createdAt: later } };
}

/**
 * Without the uids in the middle of a chain: nothing that goes by them arrives. What arrived of
 * the middle could not be told from a booking of its own until the source's API is asked.
 */
function withoutMiddle(source: CalcomSource): readonly SimulatedMessage[] {
  const lost = new Set(source.bookings.flatMap(({ uids }) => uids.slice(1, -1)));
  return source.messages.filter(({ uid }) => !lost.has(uid));
}
