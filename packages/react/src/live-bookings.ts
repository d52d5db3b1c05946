import {
  ApiError,
  type ChangedBooking,
  type EventFilter,
  type SlotwireClient,
} from "@slotwire/client";
import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { type Connection, createLiveStore } from "./live-store.ts";
import { readBesideEvents } from "./read-beside-events.ts";
import { signedOut, tellsSignedOut } from "./signed-out.ts";

/** Which bookings are kept, and how they are had. */
export interface BookingsQuestion {
  /** Which events concern them; those that `belongs` lets in, when absent. */
  readonly filter?: EventFilter | undefined;
  readonly ask: () => Promise<readonly BookingResource[]>;
  /** Whether a booking of which an event tells is one of them. */
  readonly belongs: (booking: BookingResource) => boolean;
  /** Whether only the hub can tell what an event made of them. */
  readonly isUnclear?: (event: BookingEvent) => boolean;
  /** What a server has read. */
  readonly initial?: readonly BookingResource[] | undefined;
}

/** What of a booking is shown before the hub has answered. */
export type BookingPatch = Partial<
  Pick<BookingResource, "status" | "starts_at" | "ends_at" | "title" | "location">
>;

interface OwnState {
  /** Null until they were read. */
  readonly bookings: ReadonlyMap<string, BookingResource> | null;
  /** What the last reading failed by; null after one that did not. */
  readonly failure: Error | null;
  /** Whether a change is shown that the hub has not answered yet. */
  readonly isChanging: boolean;
}

/** Bookings as they are now, outside of React. */
export interface LiveBookings {
  readonly read: () => OwnState & Connection;
  readonly readFirst: () => OwnState & Connection;
  readonly watch: (listener: () => void) => () => void;
  /** False lets go of the connection. */
  readonly enable: (isEnabled: boolean) => void;
  readonly reload: () => void;
  /** Reads them again, and connects anew. */
  readonly retry: () => void;
  /**
   * Shows a change at once, until the hub has answered or the booking has got a newer version.
   * @param send makes it at the hub, of the version that it is given
   * @throws whatever `send` throws; the booking is shown as it is
   */
  readonly change: (
    id: string,
    patch: BookingPatch,
    send: (booking: BookingResource) => Promise<ChangedBooking>,
  ) => Promise<ChangedBooking>;
}

/** What is known of one; null for one that is no longer the reader's to see. */
interface Known {
  readonly version: number;
  readonly booking: BookingResource | null;
}

/** Events come in heaps: what only the hub can tell is asked once for all of them. */
const PAUSE = 200;

/**
 * Keeps bookings as they are: read once, and from then on by the events that follow. What these say wins
 * by its version.
 */
export function createLiveBookings(
  client: SlotwireClient,
  { filter, ask, belongs, isUnclear, initial }: BookingsQuestion,
): LiveBookings {
  let known = initial === undefined ? null : new Map(initial.map(entryOf));
  /** What events say while a reading is on its way. */
  let heard = new Map<string, Known>();
  const patches = new Map<string, { readonly version: number; readonly patch: BookingPatch }>();
  /** Which reading is the last one. */
  let run = 0;
  let isReading = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const shown = (): OwnState["bookings"] => {
    const entries = [...(known ?? [])].flatMap(([id, { booking, version }]) => {
      const patch = patches.get(id);
      const isPatched = patch?.version === version;
      return booking === null
        ? []
        : [[id, isPatched ? { ...booking, ...patch.patch } : booking] as const];
    });
    return known && new Map(entries);
  };
  const show = (): void => store.set({ bookings: shown(), isChanging: patches.size > 0 });
  const forget = (failure: Error): void => {
    known = null;
    patches.clear();
    show();
    store.set({ failure });
  };
  /** @returns whether that was new */
  const learn = (id: string, entry: Known): boolean => {
    const before = known?.get(id);
    const isOne = entry.booking !== null && belongs(entry.booking);
    if (!(isOne || before) || (before?.version ?? 0) >= entry.version) return false;
    known?.set(id, isOne ? entry : { ...entry, booking: null });
    return true;
  };
  const hear = (id: string, entry: Known): void => {
    if (isReading) heard.set(id, entry);
    if (learn(id, entry)) show();
  };
  const reload = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const own = (run += 1);
    isReading = true;
    heard = new Map();
    let failure: Error | null = null;
    try {
      const found = await ask();
      // The answer that another reading has overtaken is better than none, unless it was another reader's.
      if (own !== run && (known !== null || store.read().failure === signedOut)) return;
      known = new Map(found.map(entryOf));
      for (const [id, entry] of heard) learn(id, entry);
    } catch (error) {
      if (own !== run) return;
      if (error instanceof ApiError && tellsSignedOut(error)) {
        isReading = false;
        return forget(error);
      }
      // Not there, or not to be seen any more: that is an answer.
      if (error instanceof ApiError && [403, 404].includes(error.status)) known = new Map();
      failure = error instanceof Error ? error : new Error(String(error));
    }
    if (own === run) isReading = false;
    show();
    store.set({ failure });
  };
  const reloadSoon = (): void => {
    timer ??= setTimeout(() => void reload(), PAUSE);
  };
  const onEvent = (event: BookingEvent): void => {
    const { booking_id: id, booking_version: version, data } = event;
    hear(id, { version, booking: data.booking ?? null });
    if (isUnclear?.(event) === true) reloadSoon();
  };
  const follow = (): (() => void) => {
    let { isConnected } = store.read();
    const unwatch = client.live.watch(() => {
      const was = isConnected;
      ({ isConnected } = store.read());
      if (isConnected && !was && store.read().failure !== null) reloadSoon();
    });
    const end = readBesideEvents(
      client,
      { filter, onEvent, onGap: reloadSoon },
      () => void reload(),
    );
    return () => {
      run += 1;
      isReading = false;
      clearTimeout(timer);
      timer = undefined;
      unwatch();
      end();
    };
  };
  const store = createLiveStore<OwnState>(
    client,
    {
      bookings: shown(),
      failure: null,
      isChanging: false,
    },
    follow,
    () => {
      run += 1;
      isReading = false;
      forget(signedOut);
    },
  );
  return {
    ...store,
    reload: () => void reload(),
    retry() {
      client.live.retry();
      void reload();
    },
    async change(id, patch, send) {
      const booking = known?.get(id)?.booking;
      if (booking == null) throw new Error("There is no such booking to change.");
      const own = { version: booking.version, patch };
      patches.set(id, own);
      show();
      try {
        const changed = await send(booking);
        hear(id, entryOf(changed.booking)[1]);
        return changed;
      } finally {
        if (patches.get(id) === own) patches.delete(id);
        show();
      }
    },
  };
}

const entryOf = (booking: BookingResource): [string, Known] => [
  booking.id,
  { version: booking.version, booking },
];
