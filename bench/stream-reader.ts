import { once } from "node:events";
import { connect, type Socket } from "node:net";

/**
 * A process that only reads live streams, so that what is measured is the hub and not the reader:
 * of each frame it looks at the position alone, in the bytes as they come, and notes the time. One
 * of its streams is read in full, which tells what the positions are of.
 */

/** What the parent sends to begin with. */
export interface ReaderTask {
  readonly port: number;
  readonly apiKey: string;
  readonly count: number;
}

/** What it is told: how many events have arrived so far; at the end, which and when. */
export type ReaderNews =
  | { readonly kind: "open" }
  | { readonly kind: "received"; readonly count: number }
  | ({ readonly kind: "end" } & ReaderResult);

export interface ReaderResult {
  /** By position: the event of which booking of the source, and when it was written (ms of the epoch). */
  readonly events: ReadonlyMap<number, { readonly uid: string; readonly recordedAt: number }>;
  /** The position of each arrival on each stream. */
  readonly seqs: Float64Array;
  /** When each of them came: milliseconds of the epoch, with fractions. */
  readonly times: Float64Array;
}

const marker = Buffer.from("\ndata: ");
/** Bytes of a frame's beginning that may lie in the part before: `id: 123456789\ndata: `. */
const MOST_BEFORE = 32;
const frame = /id: (\d+)\ndata: (.*)\n\n/g;
const uidPattern = /"external_id":"(bench-[^"]*-end)"/;
const recordedPattern = /"recorded_at":"([^"]+)"/;

const events = new Map<number, { uid: string; recordedAt: number }>();
const seqs: number[] = [];
const times: number[] = [];
const sockets: Socket[] = [];

/** Notes the positions of the frames that begin in these bytes. @returns what the next bytes need */
function note(bytes: Buffer): Buffer {
  const now = performance.timeOrigin + performance.now();
  let from = 0;
  for (;;) {
    const at = bytes.indexOf(marker, from);
    if (at < 0) break;
    let seq = 0;
    let scale = 1;
    // The digits before it, from their end.
    for (let index = at - 1; bytes[index] !== 0x20; index -= 1) {
      seq += ((bytes[index] ?? 0) - 0x30) * scale;
      scale *= 10;
    }
    seqs.push(seq);
    times.push(now);
    from = at + marker.length;
  }
  return Buffer.from(bytes.subarray(Math.max(from, bytes.length - MOST_BEFORE)));
}

async function open({ port, apiKey }: ReaderTask, readsAll: boolean): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let text = "";
  const opened = Promise.withResolvers<void>();
  let isOpen = false;
  const callback = (length: number, buffer: Uint8Array): boolean => {
    const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, length);
    if (!isOpen) {
      isOpen = true;
      if (bytes.subarray(0, 12).toString("latin1") === "HTTP/1.1 200") opened.resolve();
      else opened.reject(new Error(bytes.toString("utf8")));
    }
    rest = note(rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
    // The sizes of chunks stand between frames, where they do no harm.
    if (readsAll) text = remember(text + bytes.toString("utf8"));
    return true;
  };
  const socket = connect({
    host: "127.0.0.1",
    port,
    onread: { buffer: Buffer.alloc(64 * 1024), callback },
  });
  socket.on("error", opened.reject);
  sockets.push(socket);
  await once(socket, "connect");
  socket.write(
    `GET /api/v1/stream HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\nauthorization: Bearer ${apiKey}\r\n\r\n`,
  );
  await opened.promise;
}

/** Keeps of each whole frame what it is of. @returns what is no whole frame yet */
function remember(text: string): string {
  let end = 0;
  for (const match of text.matchAll(frame)) {
    const [whole, seq, data = ""] = match;
    const uid = uidPattern.exec(data)?.[1];
    const recordedAt = Date.parse(recordedPattern.exec(data)?.[1] ?? "");
    if (uid !== undefined) events.set(Number(seq), { uid, recordedAt });
    end = match.index + whole.length;
  }
  return text.slice(end);
}

const tell = (news: ReaderNews): void => void process.send?.(news);

async function read(task: ReaderTask): Promise<void> {
  // Not all at once: a socket's queue of those who wait to be let in is short.
  while (sockets.length < task.count) {
    const some = Array.from({ length: Math.min(50, task.count - sockets.length) }, (_, index) =>
      open(task, sockets.length === 0 && index === 0),
    );
    await Promise.all(some);
  }
  tell({ kind: "open" });
  setInterval(() => tell({ kind: "received", count: seqs.length }), 50);
}

process.on("message", (task: ReaderTask | "end") => {
  if (task !== "end") {
    void read(task).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
    return;
  }
  for (const socket of sockets) socket.destroy();
  const result = { events, seqs: Float64Array.from(seqs), times: Float64Array.from(times) };
  process.send?.({ kind: "end", ...result } satisfies ReaderNews, () => process.exit(0));
});
