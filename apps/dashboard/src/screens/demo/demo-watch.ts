import type { LiveFeed } from "@slotwire/client";
import type { BookingEvent, DemoResource } from "@slotwire/contract";
import { countingFeed } from "./counting-feed.ts";
import {
  hear,
  type Heard,
  learn,
  nothingHeard,
  reckon,
  type Reckoning,
  type Truth,
} from "./reckon.ts";

/** How often the source is asked, in milliseconds. */
const ASK_EVERY = 1_000;
/** The figures are worked out at most this often because of events, in milliseconds. */
const SETTLE = 250;

/** What the page knows of the demo. A new object whenever something in it changes. */
export interface DemoState {
  /** Null until the source has answered for the first time. */
  readonly demo: DemoResource | null;
  readonly figures: Reckoning | null;
  /** When the counting began, in milliseconds of the epoch. */
  readonly since: number | null;
  /** Whether whoever reads has paused: what happens is shown when they go on. */
  readonly isPaused: boolean;
  /** Why the last question failed; null while all is well. */
  readonly error: unknown;
}

export interface DemoWatch {
  readonly state: DemoState;
  /** The live feed for whoever shows events: all that it hands over is counted. */
  readonly reader: LiveFeed;
  /** Hears of every new state. */
  readonly watch: (listener: () => void) => () => void;
  /** Begins to count. @returns a function that ends it */
  readonly start: () => () => void;
  /** Begins to count anew. */
  readonly restart: () => void;
  /** Takes in what a change was answered with. */
  readonly accept: (answer: DemoResource) => void;
}

interface Count {
  readonly runId: string;
  readonly sentBefore: number;
  readonly heard: Heard;
  truth: Truth;
  /** Of the source's changes, the last one that it told of. */
  change: number;
}

/**
 * Follows the demo: the truth from its source, and what of it reaches those who read by this watch's
 * own feed. It subscribes to nothing itself: what counts is what the page is really told.
 * @param read asks the source
 */
export function createDemoWatch(
  read: (after?: number) => Promise<DemoResource>,
  live: LiveFeed,
): DemoWatch {
  const listeners = new Set<() => void>();
  let state: DemoState = { demo: null, figures: null, since: null, isPaused: false, error: null };
  let count: Count | null = null;
  /** Behind which position the reader is told everything; null until it has begun. */
  let readsFrom: number | null = null;
  /** What the reader was told since the source was asked where the counting begins. */
  let early: BookingEvent[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let round = 0;

  const set = (change: Partial<DemoState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const figures = (): Reckoning | null => count && reckon(count.heard, count.truth);
  const soon = (): void => {
    settling ??= setTimeout(() => {
      settling = undefined;
      set({ figures: figures() });
    }, SETTLE);
  };

  const onStart = (position: number): void => {
    readsFrom = position;
    // Of what the former reader did not hear, this one is not told.
    restart();
  };
  const onEvent = (event: BookingEvent): void => {
    if (count === null) early.push(event);
    else {
      hear(count.heard, event);
      soon();
    }
  };
  const reader = countingFeed(live, {
    onStart,
    onEvent,
    // What is missing can no longer be had.
    onGap: () => restart(),
    onReaders: (readers) => set({ isPaused: readers === 0 }),
  });

  /** An answer is the beginning when the reader is told all that lies behind it, in log and changes. */
  const begin = (answer: DemoResource): void => {
    const { run_id: runId, position, change } = answer;
    if (readsFrom === null || readsFrom > position) return;
    const heard = nothingHeard(position);
    for (const event of early) hear(heard, event);
    early = [];
    const sentBefore = answer.counts.happened;
    count = { runId, sentBefore, heard, truth: learn(null, answer, sentBefore), change };
    set({ since: Date.now() });
  };
  const take = (answer: DemoResource): void => {
    if (count === null) begin(answer);
    else {
      count.truth = learn(count.truth, answer, count.sentBefore);
      count.change = answer.change;
    }
    // Judged only when everything was told: else of some visits the former state is known.
    set({ demo: answer, error: null, ...(answer.more ? {} : { figures: figures() }) });
  };

  const askOnce = async (own: number): Promise<void> => {
    let wait = ASK_EVERY;
    // What was told so far lies before the position that the answer begins with.
    if (count === null) early = [];
    try {
      const answer = await read(count?.change);
      if (own !== round) return;
      // It was started again, and its changes have other numbers now.
      const isAnother = count !== null && count.runId !== answer.run_id;
      if (isAnother) count = null;
      else take(answer);
      if (isAnother || answer.more) wait = 0;
    } catch (error) {
      if (own !== round) return;
      set({ error });
    }
    timer = setTimeout(() => void askOnce(own), wait);
  };
  const stop = (): void => {
    round += 1;
    clearTimeout(timer);
    clearTimeout(settling);
    settling = undefined;
    count = null;
  };
  const restart = (): void => {
    stop();
    void askOnce(round);
  };

  return {
    get state() {
      return state;
    },
    reader,
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start() {
      restart();
      return stop;
    },
    restart,
    accept: ({ settings, burst, counts }) => {
      if (state.demo !== null) set({ demo: { ...state.demo, settings, burst, counts } });
    },
  };
}
