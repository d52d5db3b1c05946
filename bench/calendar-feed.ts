import { MAX_FEED_BOOKINGS } from "@slotwire/contract";
import { type FeedBooking, writeCalendar } from "../apps/server/src/feeds/write-calendar.ts";

/*
 * `node bench/calendar-feed.ts`: how long the largest calendar feed takes to write, with texts that
 * are long in every entry, and for how long it holds up everything else in the process meanwhile.
 */

const RUNS = 15;
const MINUTE = 60_000;

function bookingOf(_: unknown, index: number): FeedBooking {
  const startsAt = new Date(Date.UTC(2026, 0, 1) + index * 30 * MINUTE);
  return {
    id: `0199b5a0-0000-7000-8000-${String(index).padStart(12, "0")}`,
    booking_number: index,
    version: 1 + (index % 7),
    status: "confirmed",
    starts_at: startsAt,
    ends_at: new Date(startsAt.getTime() + 30 * MINUTE),
    title: "Klippning, färg; fön ✂️",
    description: "Känslig hårbotten, föredrar milda produkter; ring på porten.\n".repeat(20),
    location: "Åsögatan 12, 118 29 Stockholm",
    meeting_url: `https://meet.example/room?booking=${index}`,
    provider_name: "Åsa Öberg",
    service_name: "Klippning",
    people: ["Jan Kowalski", "Zoë Ångström"],
    created_at: startsAt,
    updated_at: startsAt,
    is_deleted: false,
  };
}

const bookings = Array.from({ length: MAX_FEED_BOOKINGS }, bookingOf);

interface Run {
  /** Milliseconds. */
  readonly took: number;
  /** The longest in which nothing else had its turn, in milliseconds. */
  readonly held: number;
  /** Octets that were written. */
  readonly size: number;
}

async function measure(): Promise<Run> {
  const start = performance.now();
  let [turn, held, isWriting] = [start, 0, true];
  const noteTurn = (): void => {
    const now = performance.now();
    held = Math.max(held, now - turn);
    turn = now;
    if (isWriting) setImmediate(noteTurn);
  };
  setImmediate(noteTurn);
  const text = await writeCalendar({
    name: "The salon",
    note: null,
    timeZone: "Europe/Stockholm",
    showsNames: true,
    bookings,
  });
  const took = performance.now() - start;
  isWriting = false;
  // The last turn is noted, too.
  await new Promise((resolve) => setImmediate(resolve));
  return { took, held, size: Buffer.byteLength(text) };
}

const runs: Run[] = [];
for (let run = 0; run < RUNS; run += 1) runs.push(await measure());
/** Of the fastest run: what disturbs only ever adds. */
const least = (of: "took" | "held"): string =>
  `${Math.min(...runs.map((run) => run[of])).toFixed(0)} ms`;
const size = ((runs[0]?.size ?? 0) / 2 ** 20).toFixed(1);
process.stdout.write(
  `${MAX_FEED_BOOKINGS} entries, ${size} MiB: ${least("took")}, holding up the process for ${least("held")} at most\n`,
);
