import { type ChildProcess, fork } from "node:child_process";
import type { HubProcess } from "./hub-process.ts";
import type { ReaderNews, ReaderResult, ReaderTask } from "./stream-reader.ts";

const program = new URL("stream-reader.ts", import.meta.url);
/** How many streams a process reads. */
const MOST_EACH = 1000;

/** What came on the streams, once they are closed. */
export interface StreamResult {
  /** By uid: the milliseconds of the epoch at which its event came, on each stream. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds from the writing of each event, of which the hub tells whole ones, to each arrival. */
  readonly sinceRecorded: readonly number[];
}

export interface OpenStreams {
  /** How many events have come so far, on all streams together. */
  readonly received: () => number;
  readonly close: () => Promise<StreamResult>;
}

/** Opens `count` live streams at the end of the log, as that many browsers would, in processes of their own. */
export async function openStreams(hub: HubProcess, count: number): Promise<OpenStreams> {
  const processes = Math.ceil(count / MOST_EACH);
  const readers = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      openReader({
        port: Number(new URL(hub.url).port),
        apiKey: hub.apiKey,
        count: Math.floor((count + index) / processes),
      }),
    ),
  );
  return {
    received: () => readers.reduce((sum, reader) => sum + reader.received(), 0),
    close: async () => summaryOf(await Promise.all(readers.map((reader) => reader.end()))),
  };
}

interface Reader {
  readonly received: () => number;
  readonly end: () => Promise<ReaderResult>;
}

async function openReader(task: ReaderTask): Promise<Reader> {
  const child = fork(program, { serialization: "advanced" });
  let count = 0;
  child.on("message", (news: ReaderNews) => {
    if (news.kind === "received") ({ count } = news);
  });
  child.send(task);
  await heard(child, "open");
  return {
    received: () => count,
    async end() {
      const result = heard(child, "end");
      child.send("end");
      return result;
    },
  };
}

/** Waits for news of a kind. @throws Error when the process ends before */
function heard<Kind extends ReaderNews["kind"]>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<ReaderNews, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      child.off("message", onNews);
      child.off("exit", onExit);
    };
    // It listens all the time: several may come at once.
    const onNews = (news: ReaderNews): void => {
      if (news.kind !== kind) return;
      settle();
      resolve(news as Extract<ReaderNews, { kind: Kind }>);
    };
    const onExit = (): void => {
      settle();
      reject(new Error("a reader of streams ended too soon"));
    };
    child.on("message", onNews).on("exit", onExit);
  });
}

function summaryOf(results: readonly ReaderResult[]): StreamResult {
  const arrivals = new Map<string, number[]>();
  const sinceRecorded: number[] = [];
  for (const { events, seqs, times } of results) {
    for (const [index, seq] of seqs.entries()) {
      const event = events.get(seq);
      const time = times[index];
      if (event === undefined || time === undefined) continue;
      const { uid, recordedAt } = event;
      const ofUid = arrivals.get(uid);
      if (ofUid === undefined) arrivals.set(uid, [time]);
      else ofUid.push(time);
      sinceRecorded.push(time - recordedAt);
    }
  }
  return { arrivals, sinceRecorded };
}
