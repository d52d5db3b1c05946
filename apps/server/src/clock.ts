/** Where the time comes from. Everything that asks for the time takes one of these. */
export interface Clock {
  /** The instant now, UTC. */
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still until it is moved: for tests and simulations. */
export class ManualClock implements Clock {
  #now: number;

  /** @param start RFC 3339 instant at which the clock stands */
  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** Moves the clock forward by `milliseconds`. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}
