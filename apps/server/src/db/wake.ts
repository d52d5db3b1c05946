/**
 * What has new work, or was changed (`keys`: API keys, and what members may do). Nothing travels with a signal: whoever wakes reads
 * committed rows.
 */
export const wakeTopics = [
  "events",
  "deliveries",
  "messages",
  "reconciles",
  "commands",
  "keys",
] as const;

export type WakeTopic = (typeof wakeTopics)[number];

/**
 * Tells this process's workers and streams, and those of other nodes, that rows were committed.
 * A lost signal costs latency only: every listener also polls slowly.
 */
export interface Wake {
  /** Call it after the commit, never inside the transaction. */
  signal(topic: WakeTopic): void;
  /** @returns a function that stops listening */
  on(topic: WakeTopic, listener: () => void): () => void;
  close(): Promise<void>;
}
