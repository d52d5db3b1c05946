import type { LogFollower } from "./log-follower.ts";

/** How long a hidden page keeps its connection, in milliseconds: who looks away for a moment misses nothing. */
const HIDDEN_TIME = 10_000;
/** Streams of all tabs together; by HTTP/1.1 a browser opens six connections to a host, and pages need some. */
const MOST_STREAMS = 4;
/** How long the other tabs may take to say that they have one, in milliseconds. */
const PATIENCE = 300;

interface Page extends EventTarget {
  readonly visibilityState: string;
}

/**
 * Reads a stream where tabs cannot share one: while the page is shown, and unless enough other tabs
 * have one already.
 * @throws whatever `read` does; `isFull` when the others have all
 */
export async function readInTurn(
  follower: LogFollower,
  signal: AbortSignal,
  isFull: Error,
  read: (signal: AbortSignal) => Promise<never>,
): Promise<never> {
  const { document: page } = globalThis as { document?: Page };
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const watch = (): void => {
    clearTimeout(hiding);
    if (page?.visibilityState !== "hidden") return;
    hiding = setTimeout(() => ending.abort(), HIDDEN_TIME);
  };
  page?.addEventListener("visibilitychange", watch, { signal: either });
  watch();
  const place = takePlace();
  try {
    if (!(await place.isFree())) throw isFull;
    either.throwIfAborted();
    return await read(either);
  } catch (error) {
    if (!ending.signal.aborted || signal.aborted) throw error;
    place.leave();
    follower.update({ status: "idle", error: null });
    // The page's return ends the signal.
    await new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error));
    });
    throw error;
  } finally {
    clearTimeout(hiding);
    place.leave();
    ending.abort();
  }
}

/** A tab's place among those that read a stream. */
interface Place {
  /** Whether few enough tabs came before this one. */
  readonly isFree: () => Promise<boolean>;
  readonly leave: () => void;
}

/** Takes the last place. Tabs tell each other when they came, and who asks is told by all. */
function takePlace(): Place {
  const cameAt = performance.timeOrigin + performance.now() + Math.random() / 1000;
  const channel = openChannel();
  const others = new Set<number>();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
  const tell = (): void => channel?.postMessage(cameAt);
  channel?.addEventListener("message", (event: unknown) => {
    const other = (event as { data: unknown }).data;
    // Each is answered once: were answers answered, they would double with every page that comes.
    if (typeof other !== "number" || others.has(other)) return;
    others.add(other);
    // It has asked after this one came, and has to count it.
    if (other > cameAt) tell();
  });
  tell();
  return {
    async isFree() {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE));
      return [...others].filter((other) => other < cameAt).length < MOST_STREAMS;
    },
    leave: () => channel?.close(),
  };
}

/** Where a page may keep nothing, some browsers let it talk to no other one either: it counts as the only one. */
function openChannel(): InstanceType<typeof BroadcastChannel> | undefined {
  try {
    return new BroadcastChannel("slotwire-streams-1");
  } catch {
    return undefined;
  }
}
