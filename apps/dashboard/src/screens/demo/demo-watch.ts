import type { LiveFeed } from "@slotwire/client";
import type { DemoResource } from "@slotwire/contract";
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
  /** Why the last question failed; null while all is well. */
  readonly error: unknown;
}

export interface DemoWatch {
  readonly state: DemoState;
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
  readonly unsubscribe: () => void;
}

/**
 * Follows the demo: the truth from its source, and what of it reaches this page by the live stream.
 * @param read asks the source
 */
export function createDemoWatch(
  read: (after?: number) => Promise<DemoResource>,
  live: Pick<LiveFeed, "subscribe">,
): DemoWatch {
  const listeners = new Set<() => void>();
  let state: DemoState = { demo: null, figures: null, since: null, error: null };
  let count: Count | null = null;
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
  const forget = (): void => {
    count?.unsubscribe();
    count = null;
  };

  /** The first answer is the beginning: what is behind its position and its change counts. */
  const begin = (answer: DemoResource): void => {
    const heard = nothingHeard(answer.position);
    const sentBefore = answer.counts.happened;
    const unsubscribe = live.subscribe({
      after: answer.position,
      onEvent: (event) => {
        hear(heard, event);
        soon();
      },
      // What is missing can no longer be had.
      onGap: restart,
    });
    const truth = learn(null, answer, sentBefore);
    count = { runId: answer.run_id, sentBefore, heard, truth, change: answer.change, unsubscribe };
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
    try {
      const answer = await read(count?.change);
      if (own !== round) return;
      // It was started again, and its changes have other numbers now.
      const isAnother = count !== null && count.runId !== answer.run_id;
      if (isAnother) forget();
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
    forget();
  };
  const restart = (): void => {
    stop();
    void askOnce(round);
  };

  return {
    get state() {
      return state;
    },
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
