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

/** Two pages with the same beginning have the same figures. */
export interface Beginning {
  /** In milliseconds of the epoch. */
  readonly at: number;
  /** The position of the log behind which everything is counted. */
  readonly position: number;
}

/** What the page knows of the demo. A new object whenever something in it changes. */
export interface DemoState {
  /** Null until the source has answered for the first time. */
  readonly demo: DemoResource | null;
  readonly figures: Reckoning | null;
  /** Where the counting began. */
  readonly since: Beginning | null;
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
  /** What the reader was told since the source has answered. */
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
    early.push(event);
    if (count === null) return;
    hear(count.heard, event);
    soon();
  };
  const reader = countingFeed(live, {
    onStart,
    onEvent,
    // What is missing can no longer be had.
    onGap: () => restart(),
    onReaders: (readers) => set({ isPaused: readers === 0 }),
  });

  const beginAt = (since: Beginning, sentBefore: number, answer: DemoResource): void => {
    const heard = nothingHeard(since.position);
    for (const event of early) hear(heard, event);
    const truth = learn(null, answer, sentBefore);
    count = { runId: answer.run_id, sentBefore, heard, truth, change: answer.change };
    set({ since });
  };
  /** An answer is the beginning when the reader is told all that lies behind it, in log and changes. */
  const begin = (answer: DemoResource): void => {
    const { position, counts } = answer;
    if (readsFrom === null || readsFrom > position) return;
    beginAt({ at: Date.now(), position }, counts.happened, answer);
  };
  /**
   * The source was started again. Whoever was there before counts from its start on: pages hear of it
   * at different moments, and would else each have a beginning of their own.
   */
  const beginWithRun = (answer: DemoResource): void => {
    const { began_at: at, began_position: position } = answer;
    beginAt({ at: Date.parse(at), position }, 0, { ...answer, visits: [], change: 0 });
  };
  const take = (answer: DemoResource): void => {
    if (count === null) begin(answer);
    else {
      count.truth = learn(count.truth, answer, count.sentBefore);
      count.change = answer.change;
    }
    early = [];
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
      if (isAnother) beginWithRun(answer);
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
