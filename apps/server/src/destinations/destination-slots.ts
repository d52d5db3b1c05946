import type { Answer } from "./answer.ts";
import { retryAfterMilliseconds } from "./retry-plan.ts";

/** How many requests may be under way in all, and to one destination. */
const TOTAL_SLOTS = 64;
export const SLOTS_PER_DESTINATION = 16;
/**
 * A destination that hangs gets so many until it answers, or a few dead ones would fill all; one
 * that has too much to do gets so many until it takes one.
 */
const SLOTS_WHILE_HANGING = 2;
/**
 * How long a destination that asks for less is left alone: twice as long each time that it asks
 * again, between these.
 */
const SHORTEST_HOLD = 1_000;
const LONGEST_HOLD = 5 * 60_000;

/**
 * So many answers of 502, 503 or 504 in a row are no accident: a receiver that is being replaced
 * gives one now and then. 429 counts at once.
 */
const UNAVAILABLE_IN_A_ROW = 3;

const overloaded: ReadonlySet<Answer["errorClass"]> = new Set(["too_many", "unavailable"]);
const hanging: ReadonlySet<Answer["errorClass"]> = new Set([
  "timeout",
  "connect_timeout",
  "dns",
  ...overloaded,
]);

interface SlotState {
  inFlight: number;
  isHanging: boolean;
  isFailing: boolean;
  /** The last claim took all that it was allowed. */
  isBackedUp: boolean;
  /** Claimed since the last `noteClaim`. */
  claimed: number;
  /** Epoch milliseconds; 0 when it is not held. */
  heldUntil: number;
  /** Answers in a row that it cannot take it now. */
  unavailable: number;
  /** How long the next hold is at least, in milliseconds. */
  nextHold: number;
}

/** Keeps count of who is being sent to, so that no receiver holds up the others. */
export class DestinationSlots {
  readonly #states = new Map<string, SlotState>();
  #inFlight = 0;

  /** Requests that may still be started. */
  get free(): number {
    return TOTAL_SLOTS - this.#inFlight;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /**
   * The destinations that may get fewer than `SLOTS_PER_DESTINATION` now, and how many.
   * @param alsoFailing whether those get anything whose last answer was a failure. Behind a failed
   *   delivery its booking's later ones pile up, and a claim looks at each of them: new work alone
   *   is no reason to do that again.
   */
  limits(now: Date, alsoFailing: boolean): Map<string, number> {
    const limits = new Map<string, number>();
    for (const [id, state] of this.#states) {
      const most = state.isHanging ? SLOTS_WHILE_HANGING : SLOTS_PER_DESTINATION;
      const isOut = state.heldUntil > now.getTime() || (state.isFailing && !alsoFailing);
      limits.set(id, isOut ? 0 : Math.max(0, most - state.inFlight));
    }
    return limits;
  }

  take(destinationId: string): void {
    this.#inFlight += 1;
    const state = this.#states.get(destinationId);
    if (state === undefined) {
      this.#states.set(destinationId, {
        inFlight: 1,
        isHanging: false,
        isFailing: false,
        isBackedUp: false,
        claimed: 1,
        heldUntil: 0,
        unavailable: 0,
        nextHold: SHORTEST_HOLD,
      });
    } else {
      state.inFlight += 1;
      state.claimed += 1;
    }
  }

  /**
   * Call it when a claim's rows have been taken.
   * @param limits what `limits` said for that claim
   */
  noteClaim(limits: ReadonlyMap<string, number>): void {
    for (const [id, state] of this.#states) {
      const allowed = limits.get(id) ?? SLOTS_PER_DESTINATION;
      // A destination that was allowed nothing is as backed up as it was.
      if (allowed > 0) state.isBackedUp = state.claimed >= allowed;
      state.claimed = 0;
    }
  }

  /** Whether more of this destination may be due than the last claim was allowed to take. */
  isBackedUp(destinationId: string): boolean {
    return this.#states.get(destinationId)?.isBackedUp === true;
  }

  /**
   * Remembers what a destination's answer says about what it can bear.
   * @returns until when it is to be left alone; null when the answer asks for nothing
   */
  learn(destinationId: string, answer: Answer, now: Date): Date | null {
    const state = this.#states.get(destinationId);
    if (state === undefined) return null;
    state.isFailing = answer.errorClass !== null;
    state.isHanging = hanging.has(answer.errorClass);
    if (answer.errorClass === null) state.nextHold = SHORTEST_HOLD;
    state.unavailable = answer.errorClass === "unavailable" ? state.unavailable + 1 : 0;
    const asked = state.isFailing ? retryAfterMilliseconds(answer.retryAfter, now) : null;
    const isTooMuch = answer.errorClass === "too_many" || state.unavailable >= UNAVAILABLE_IN_A_ROW;
    if (asked === null && !isTooMuch) return null;
    const isHeld = state.heldUntil > now.getTime();
    const hold = Math.min(Math.max(asked ?? 0, isHeld ? 0 : state.nextHold), LONGEST_HOLD);
    // What was under way when it first asked asks with it.
    if (!isHeld) state.nextHold = Math.min(2 * state.nextHold, LONGEST_HOLD);
    state.heldUntil = Math.max(state.heldUntil, now.getTime() + hold);
    return new Date(state.heldUntil);
  }

  release(destinationId: string, now: Date): void {
    const state = this.#states.get(destinationId);
    if (state === undefined) return;
    this.#inFlight -= 1;
    state.inFlight -= 1;
    const isPlain = !state.isFailing && state.heldUntil <= now.getTime();
    if (state.inFlight === 0 && isPlain) this.#states.delete(destinationId);
  }
}
