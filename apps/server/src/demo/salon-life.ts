import type { Clock } from "../clock.ts";
import { dayBounds } from "../domain/day-bounds.ts";
import { TIME_ZONE } from "./calcom-bodies.ts";
import {
  cancellationReasons,
  groomers,
  type PetOwner,
  petOwners,
  rejectionReasons,
  remarks,
  services,
} from "./demo-people.ts";
import { oneOf, type Random } from "./seeded-random.ts";
import type { SimulatedCalcom, SimulatedMessage } from "./simulated-calcom.ts";
import type { Visit, VisitDraft } from "./visit.ts";
import { findSlot, salonDate } from "./working-day.ts";

/** Visits that today has from the start, and tomorrow; nothing is added where there are so many. */
const VISITS_TODAY = 12;
const VISITS_TOMORROW = 5;
/** A day takes no more than this, the cancelled ones included, however long the demo runs. */
const MOST_VISITS_A_DAY = 24;
/** In a rush nobody looks for the last gaps of a day. */
const VISITS_IN_RUSH = 18;
/** How many days ahead people book … */
const DAYS_AHEAD = 6;
/** … and at the most, when there is a rush. */
const MOST_DAYS_AHEAD = 400;
/** Nobody books or moves a visit to a time closer than this. */
const NOTICE = 30 * 60_000;
const MOST_MOVES = 4;
const DAY = 24 * 60 * 60_000;

/** Of a hundred, how many … */
const ARE_NO_SHOWS = 12;
const ARE_REJECTED = 20;
/** … of the visits to come that were made before the demo began. */
const WERE_APPROVED = 65;
const WERE_CANCELLED = 10;

export interface SalonLifeOptions {
  readonly calcom: SimulatedCalcom;
  readonly clock: Clock;
  readonly random: Random;
}

type Act = () => SimulatedMessage[];

/**
 * What goes on at the salon: people book, change their minds and come, or do not. It only decides
 * what happens next; when, and how it reaches the hub, is the caller's part.
 */
export class SalonLife {
  readonly #calcom: SimulatedCalcom;
  readonly #clock: Clock;
  readonly #random: Random;
  /** What may happen, and how often compared with the others. */
  readonly #acts: readonly (readonly [weight: number, act: Act])[];
  /** In a rush, days before this one are full. Counted from today, which may be nearly over. */
  #firstOpenDay = 1;
  #isRush = false;

  constructor({ calcom, clock, random }: SalonLifeOptions) {
    this.#calcom = calcom;
    this.#clock = clock;
    this.#random = random;
    this.#acts = [
      [5, () => this.#bookLater()],
      [4, () => this.#answerRequest()],
      [4, () => this.#move()],
      [2, () => this.#cancel()],
      [1, () => this.#bookAnd((visit) => this.#moveTo(visit))],
      [1, () => this.#bookAnd((visit) => [this.#cancelOne(visit)])],
    ];
  }

  /**
   * Today as it stands at this hour and the beginning of tomorrow. What an earlier run has left is
   * kept, and only what is missing is added.
   */
  fillDays(): SimulatedMessage[] {
    const messages: SimulatedMessage[] = [];
    for (const [days, wanted] of [
      [0, VISITS_TODAY],
      [1, VISITS_TOMORROW],
    ] as const) {
      const missing = wanted - this.#visitsOn(this.#date(days)).length;
      for (let count = 0; count < missing; count += 1) messages.push(...this.#bookEarlier(days));
    }
    return [...messages, ...this.#catchUp()];
  }

  /**
   * The next thing that happens, as the messages it causes; nothing when there is nothing to do.
   * @param isRush lets people book further ahead than usual, when the days before that are full
   */
  next(isRush = false): SimulatedMessage[] {
    this.#isRush = isRush;
    const due = this.#due();
    if (due !== null) return due;
    const open = [...this.#acts];
    while (open.length > 0) {
      const index = this.#weighted(open.map(([weight]) => weight));
      const [, act] = open.splice(index, 1)[0] ?? [];
      const messages = act?.() ?? [];
      if (messages.length > 0) return messages;
    }
    return [];
  }

  #weighted(weights: readonly number[]): number {
    let left = this.#random() * weights.reduce((sum, weight) => sum + weight, 0);
    const index = weights.findIndex((weight) => (left -= weight) < 0);
    return Math.max(index, 0);
  }

  /** Everything that the clock says should have happened by now. */
  #catchUp(): SimulatedMessage[] {
    const messages: SimulatedMessage[] = [];
    for (let due = this.#due(); due !== null; due = this.#due()) messages.push(...due);
    return messages;
  }

  /** What is due by the clock, the earliest first; null when nothing is. */
  #due(): SimulatedMessage[] | null {
    const now = this.#clock.now().toISOString();
    const steps = this.#calcom.visits.flatMap((visit) => {
      const { status, startsAt, endsAt, icalUid } = visit;
      if (status === "confirmed") {
        return [{ at: startsAt, act: () => [this.#calcom.start(icalUid, new Date(startsAt))] }];
      }
      if (status === "in_progress") return [{ at: endsAt, act: () => this.#end(visit) }];
      if (status === "pending") {
        const reason = "Nobody could confirm it in time.";
        return [{ at: startsAt, act: () => [this.#calcom.reject(icalUid, reason)] }];
      }
      return [];
    });
    const [first] = steps.filter(({ at }) => at <= now).toSorted((a, b) => (a.at < b.at ? -1 : 1));
    return first?.act() ?? null;
  }

  /** Cal.com says that a meeting has ended whether or not anybody came. */
  #end({ icalUid, endsAt }: Visit): SimulatedMessage[] {
    const ended = this.#calcom.end(icalUid, new Date(endsAt));
    return this.#chance(ARE_NO_SHOWS) ? [ended, this.#calcom.markNoShow(icalUid)] : [ended];
  }

  /** A visit that was booked some days ago, and what has become of it since. */
  #bookEarlier(days: number): SimulatedMessage[] {
    const draft = this.#draft(this.#date(days));
    if (draft === null) return [];
    const now = this.#clock.now();
    const bookedAt = new Date(now.getTime() - Math.floor((0.2 + 3 * this.#random()) * DAY));
    const answeredAt = new Date(bookedAt.getTime() + NOTICE);
    const isPast = draft.startsAt <= now.toISOString();
    if (draft.service.needsApproval) {
      const requested = this.#calcom.request(draft, bookedAt);
      const isApproved = isPast || this.#chance(WERE_APPROVED);
      return isApproved
        ? [requested, this.#calcom.approve(requested.icalUid, answeredAt)]
        : [requested];
    }
    const booked = this.#calcom.book(draft, bookedAt);
    if (isPast || !this.#chance(WERE_CANCELLED)) return [booked];
    const reason = oneOf(this.#random, cancellationReasons) ?? "";
    return [booked, this.#calcom.cancel(booked.icalUid, reason, answeredAt)];
  }

  #bookLater(): SimulatedMessage[] {
    const draft = this.#draftLater();
    if (draft === null) return [];
    const { needsApproval } = draft.service;
    return [needsApproval ? this.#calcom.request(draft) : this.#calcom.book(draft)];
  }

  /** Somebody books and thinks better of it at once: two messages on the heels of each other. */
  #bookAnd(then: (visit: Visit) => SimulatedMessage[]): SimulatedMessage[] {
    const booked = this.#bookLater();
    const visit = this.#calcom.visits.find(({ icalUid }) => icalUid === booked[0]?.icalUid);
    return visit === undefined ? [] : [...booked, ...then(visit)];
  }

  #answerRequest(): SimulatedMessage[] {
    const asked = oneOf(this.#random, this.#upcoming("pending"));
    if (asked === undefined) return [];
    if (!this.#chance(ARE_REJECTED)) return [this.#calcom.approve(asked.icalUid)];
    const reason = oneOf(this.#random, rejectionReasons) ?? "";
    return [this.#calcom.reject(asked.icalUid, reason)];
  }

  #move(): SimulatedMessage[] {
    const movable = this.#upcoming("confirmed").filter(
      ({ previousUids }) => previousUids.length < MOST_MOVES,
    );
    const visit = oneOf(this.#random, movable);
    return visit === undefined ? [] : this.#moveTo(visit);
  }

  #moveTo(visit: Visit): SimulatedMessage[] {
    const { groomer, service } = visit;
    const date = this.#openDate();
    const after = new Date(this.#clock.now().getTime() + NOTICE);
    const wanted = { date, groomer, minutes: service.minutes, after };
    const slot = findSlot(this.#random, this.#calcom.visits, wanted);
    return slot === null ? [] : [this.#calcom.reschedule(visit.icalUid, slot)];
  }

  #cancel(): SimulatedMessage[] {
    const visit = oneOf(this.#random, this.#upcoming("confirmed"));
    return visit === undefined ? [] : [this.#cancelOne(visit)];
  }

  #cancelOne({ icalUid }: Visit): SimulatedMessage {
    return this.#calcom.cancel(icalUid, oneOf(this.#random, cancellationReasons) ?? "");
  }

  #upcoming(status: Visit["status"]): Visit[] {
    const soon = new Date(this.#clock.now().getTime() + NOTICE).toISOString();
    return this.#calcom.visits.filter((visit) => visit.status === status && visit.startsAt > soon);
  }

  #draftLater(): VisitDraft | null {
    const date = this.#openDate();
    if (this.#visitsOn(date).length >= MOST_VISITS_A_DAY) return null;
    return this.#draft(date, new Date(this.#clock.now().getTime() + NOTICE));
  }

  #draft(date: string, after?: Date): VisitDraft | null {
    const service = oneOf(this.#random, services);
    const groomer = oneOf(this.#random, groomers);
    const owner = oneOf(this.#random, this.#ownersWithout(date));
    const remark = oneOf(this.#random, remarks) ?? null;
    if (service === undefined || groomer === undefined || owner === undefined) return null;
    const wanted = { date, groomer, minutes: service.minutes, ...(after && { after }) };
    const slot = findSlot(this.#random, this.#calcom.visits, wanted);
    return slot === null ? null : { ...slot, service, groomer, owner, remark };
  }

  /** Who does not come on that day yet; nobody brings a pet twice a day while others wait. */
  #ownersWithout(date: string): readonly PetOwner[] {
    const coming = new Set(this.#visitsOn(date).map(({ owner }) => owner.email));
    const others = petOwners.filter(({ email }) => !coming.has(email));
    return others.length === 0 ? petOwners : others;
  }

  /** A day that people book: half of them want to come today. */
  #openDate(): string {
    if (this.#isRush) return this.#openDateInRush();
    return this.#date(this.#chance(50) ? 0 : Math.floor(this.#random() * (DAYS_AHEAD + 1)));
  }

  #openDateInRush(): string {
    const visitsOnFirst = () => this.#visitsOn(this.#date(this.#firstOpenDay)).length;
    while (this.#firstOpenDay < MOST_DAYS_AHEAD && visitsOnFirst() >= VISITS_IN_RUSH) {
      this.#firstOpenDay += 1;
    }
    return this.#date(this.#firstOpenDay + Math.floor(this.#random() * (DAYS_AHEAD + 1)));
  }

  #visitsOn(date: string): Visit[] {
    const { start, end } = dayBounds(date, TIME_ZONE);
    const [from, to] = [start.toISOString(), end.toISOString()];
    return this.#calcom.visits.filter(({ startsAt }) => startsAt >= from && startsAt < to);
  }

  #date(days: number): string {
    return salonDate(this.#clock.now(), days);
  }

  #chance(ofHundred: number): boolean {
    return this.#random() * 100 < ofHundred;
  }
}
