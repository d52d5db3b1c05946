import type { OutboxEntry } from "./site-booking.ts";

/**
 * Keeps messages until the hub has them. `createFileOutbox` of `@slotwire/client/node` keeps them in
 * files; a table of the site's own database does as well.
 */
export interface BookingOutbox {
  /** Keeps a message. When it resolves, the message survives a crash. One of a known key stays. */
  add(entry: OutboxEntry): Promise<void>;
  /** Everything that is kept, the oldest first. */
  list(): Promise<readonly OutboxEntry[]>;
  /**
   * Takes a message to send it. Who dies meanwhile loses it to others after a while.
   * @returns false when somebody else has it, or it is gone
   */
  claim(key: string): Promise<boolean>;
  /** Gives a message back that could not be sent. */
  release(key: string): Promise<void>;
  /** Forgets a message that the hub has. */
  remove(key: string): Promise<void>;
  /** Puts a message aside that the hub does not understand, for people to look at. */
  putAside(key: string, reason: string): Promise<void>;
}

/** An outbox that a crash takes along: for tests, and where there is no disk. */
export function createMemoryOutbox(): BookingOutbox {
  const entries = new Map<string, OutboxEntry>();
  const claimed = new Set<string>();
  return {
    async add(entry) {
      if (!entries.has(entry.key)) entries.set(entry.key, entry);
    },
    list: async () => [...entries.values()],
    async claim(key) {
      if (!entries.has(key) || claimed.has(key)) return false;
      claimed.add(key);
      return true;
    },
    async release(key) {
      claimed.delete(key);
    },
    async remove(key) {
      entries.delete(key);
      claimed.delete(key);
    },
    async putAside(key) {
      entries.delete(key);
      claimed.delete(key);
    },
  };
}
