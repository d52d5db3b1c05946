import type { Clock } from "../clock.ts";

interface Entry<Value> {
  readonly value: Promise<Value>;
  /** Milliseconds since 1970. */
  readonly readAt: number;
}

/** How many entries are kept: the oldest is forgotten first. */
const MAX_ENTRIES = 10_000;

/** Keeps what was looked up for a moment. Whoever asks meanwhile shares the look-up. */
export class ShortCache<Value> {
  readonly #clock: Clock;
  readonly #lifetime: number;
  readonly #entries = new Map<string, Entry<Value>>();

  /** @param lifetime milliseconds for which an answer counts */
  constructor(clock: Clock, lifetime: number) {
    this.#clock = clock;
    this.#lifetime = lifetime;
  }

  /** @returns what `load` answered to the last look-up of that name. A failure is not kept. */
  get(name: string, load: () => Promise<Value>): Promise<Value> {
    const now = this.#clock.now().getTime();
    const known = this.#entries.get(name);
    if (known !== undefined && now - known.readAt < this.#lifetime) return known.value;
    const entry: Entry<Value> = { value: load(), readAt: now };
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    entry.value.catch(() => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
    this.#forgetOldest();
    return entry.value;
  }

  /** Forgets everything: what is under way is not kept either. */
  clear(): void {
    this.#entries.clear();
  }

  #forgetOldest(): void {
    if (this.#entries.size <= MAX_ENTRIES) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
