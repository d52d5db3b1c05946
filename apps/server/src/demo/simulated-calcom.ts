import type { Clock } from "../clock.ts";
import { hmacHex } from "../connectors/hmac.ts";
import { signatureHeader } from "../connectors/calcom/signature.ts";
import type { BookingStatus } from "../domain/booking.ts";
import * as bodies from "./calcom-bodies.ts";
import type { Random } from "./seeded-random.ts";
import type { Visit, VisitDraft } from "./visit.ts";

/** A signed webhook, ready to be posted. */
export interface SimulatedMessage {
  readonly trigger: string;
  /** The id that it gives the visit. */
  readonly uid: string;
  /** Which visit it is about, whatever id it had at the time. */
  readonly icalUid: string;
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const UID_LENGTH = 12;
const UID_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/** Between two messages about one visit, at the least: room for the copy of the first. */
const LEAST_GAP = 10;
/** How much later a second subscription to the same event says that it was sent. */
const COPY_DELAY = 3;
const FIRST_ID = 5000;

export interface SimulatedCalcomOptions {
  readonly secret: string;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * A Cal.com that exists only here. It keeps the true history of its visits and writes the signed
 * webhooks that the real one would send for each step; posting them, twice or in the wrong order,
 * is the caller's part. Every step may be dated back by `at`, to tell of the past.
 */
export class SimulatedCalcom {
  readonly #secret: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #visits = new Map<string, Visit>();
  /** The number of each visit's last change, in the order of these. */
  readonly #changes = new Map<string, number>();
  #lastChange = 0;
  #lastId = FIRST_ID;

  constructor({ secret, clock, random }: SimulatedCalcomOptions) {
    this.#secret = secret;
    this.#clock = clock;
    this.#random = random;
  }

  /** The truth: every visit once. */
  get visits(): readonly Visit[] {
    return [...this.#visits.values()];
  }

  /** How much has happened: the number of the last change of any visit. */
  get lastChange(): number {
    return this.#lastChange;
  }

  /**
   * @param change the number of a change
   * @returns the visits that changed after it, each as it is now, with the number of its last change;
   *   the oldest change first
   */
  changedSince(change: number): (readonly [change: number, visit: Visit])[] {
    return [...this.#changes]
      .filter(([, own]) => own > change)
      .map(([icalUid, own]) => [own, this.#find(icalUid)] as const);
  }

  /** Goes on with visits that an earlier run has made. */
  adopt(visits: readonly Visit[]): void {
    for (const visit of visits) {
      this.#visits.set(visit.icalUid, visit);
      this.#lastId = Math.max(this.#lastId, visit.calcomId);
    }
  }

  book(draft: VisitDraft, at?: Date): SimulatedMessage {
    const visit = this.#open(draft, "confirmed", at);
    return this.#sign(visit, bodies.bookingCreated(visit, said(visit)));
  }

  /** Asks for a visit that the salon has to approve. */
  request(draft: VisitDraft, at?: Date): SimulatedMessage {
    const visit = this.#open(draft, "pending", at);
    return this.#sign(visit, bodies.bookingRequested(visit, said(visit)));
  }

  approve(icalUid: string, at?: Date): SimulatedMessage {
    const visit = this.#change(icalUid, { status: "confirmed" }, at);
    return this.#sign(visit, bodies.bookingCreated(visit, said(visit)));
  }

  reject(icalUid: string, reason: string, at?: Date): SimulatedMessage {
    const visit = this.#change(icalUid, { status: "rejected" }, at);
    return this.#sign(visit, bodies.bookingRejected(visit, said(visit), reason));
  }

  /**
   * Moves the visit to another time under a new uid. One that has to be approved is asked for
   * anew: Cal.com sends BOOKING_REQUESTED then, with the old uid in it.
   */
  reschedule(
    icalUid: string,
    times: Pick<Visit, "startsAt" | "endsAt">,
    at?: Date,
  ): SimulatedMessage {
    const before = this.#find(icalUid);
    const isAsked = before.service.needsApproval;
    const visit = this.#change(
      icalUid,
      {
        ...times,
        uid: this.#newUid(),
        previousUids: [...before.previousUids, before.uid],
        calcomId: this.#newId(),
        sequence: before.sequence + 1,
        status: isAsked ? "pending" : "confirmed",
      },
      at,
    );
    const write = isAsked ? bodies.bookingRequested : bodies.bookingRescheduled;
    return this.#sign(visit, write(visit, said(visit), before));
  }

  cancel(icalUid: string, reason: string, at?: Date): SimulatedMessage {
    const { sequence } = this.#find(icalUid);
    const visit = this.#change(icalUid, { status: "cancelled", sequence: sequence + 1 }, at);
    return this.#sign(visit, bodies.bookingCancelled(visit, said(visit), reason));
  }

  start(icalUid: string, at?: Date): SimulatedMessage {
    const visit = this.#change(icalUid, { status: "in_progress" }, at);
    return this.#sign(visit, bodies.meeting("MEETING_STARTED", visit));
  }

  end(icalUid: string, at?: Date): SimulatedMessage {
    const visit = this.#change(icalUid, { status: "completed" }, at);
    return this.#sign(visit, bodies.meeting("MEETING_ENDED", visit));
  }

  markNoShow(icalUid: string, at?: Date): SimulatedMessage {
    const visit = this.#change(icalUid, { status: "no_show" }, at);
    return this.#sign(visit, bodies.bookingNoShow(visit, said(visit)));
  }

  /**
   * The same event as a second subscription reports it: all the same but for the time of sending,
   * which is still before whatever happened next. Null for one that carries no such time.
   */
  copyOf(message: SimulatedMessage): SimulatedMessage | null {
    const body = JSON.parse(message.body.toString("utf8")) as bodies.CalcomBody;
    const { payload, createdAt } = body;
    if (payload === undefined || typeof createdAt !== "string") return null;
    const later = new Date(Date.parse(createdAt) + COPY_DELAY).toISOString();
    return { ...message, ...this.#signed({ ...body, createdAt: later }) };
  }

  /** The message by which a subscription is tried out: it is about no visit. */
  ping(): Pick<SimulatedMessage, "body" | "headers"> {
    return this.#signed(bodies.ping({ createdAt: this.#clock.now().toISOString() }));
  }

  #open(draft: VisitDraft, status: BookingStatus, at: Date | undefined): Visit {
    const uid = this.#newUid();
    const now = (at ?? this.#clock.now()).toISOString();
    const visit: Visit = {
      ...draft,
      uid,
      previousUids: [],
      calcomId: this.#newId(),
      icalUid: `${uid}@Cal.com`,
      sequence: 0,
      status,
      bookedAt: now,
      lastSaidAt: now,
    };
    this.#keep(visit);
    return visit;
  }

  #change(icalUid: string, change: Partial<Visit>, at?: Date): Visit {
    const visit = this.#find(icalUid);
    const instant = (at ?? this.#clock.now()).getTime();
    const lastSaidAt = new Date(Math.max(instant, Date.parse(visit.lastSaidAt) + LEAST_GAP));
    const next: Visit = { ...visit, ...change, lastSaidAt: lastSaidAt.toISOString() };
    this.#keep(next);
    return next;
  }

  #keep(visit: Visit): void {
    this.#visits.set(visit.icalUid, visit);
    this.#lastChange += 1;
    this.#changes.delete(visit.icalUid);
    this.#changes.set(visit.icalUid, this.#lastChange);
  }

  /** @throws TypeError when there is no such visit */
  #find(icalUid: string): Visit {
    const visit = this.#visits.get(icalUid);
    if (visit === undefined) throw new TypeError(`there is no visit ${icalUid}`);
    return visit;
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #newUid(): string {
    const letters = Array.from({ length: UID_LENGTH }, () =>
      UID_LETTERS.charAt(Math.floor(this.#random() * UID_LETTERS.length)),
    );
    return letters.join("");
  }

  #sign(visit: Visit, content: bodies.CalcomBody): SimulatedMessage {
    const trigger = String(content["triggerEvent"]);
    return { trigger, uid: visit.uid, icalUid: visit.icalUid, ...this.#signed(content) };
  }

  #signed(content: bodies.CalcomBody): Pick<SimulatedMessage, "body" | "headers"> {
    const body = Buffer.from(JSON.stringify(content));
    const headers = {
      "content-type": "application/json",
      "x-cal-webhook-version": "2021-10-20",
      [signatureHeader]: hmacHex(body, this.#secret),
    };
    return { body, headers };
  }
}

const said = (visit: Visit): bodies.Said => ({ createdAt: visit.lastSaidAt });
