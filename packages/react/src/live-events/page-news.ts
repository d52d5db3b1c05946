import type { BookingEvent } from "@slotwire/contract";

/** Events that are told of together: those of one booking, or, when there are too many, of several. */
export interface NewsGroup {
  readonly id: string;
  /** Null for those of several bookings. */
  readonly bookingId: string | null;
  readonly count: number;
  /** The last of them. */
  readonly last: BookingEvent;
}

interface PageNews {
  /** What is read out: once for all who show events on this page. */
  readonly spoken: NewsGroup | null;
  /** What is shown for a while. */
  readonly toasts: readonly NewsGroup[];
}

/** Nobody is told more often, in milliseconds … */
const PAUSE = 3000;
/** … and the first news wait for those that come with them. */
const GATHERING = 300;
/** How long a message is shown. */
const SHOWN = 8000;
const MOST_TOASTS = 3;
/** Of how many events it is known that they were told: several feeds of a page may have the same. */
const MEMORY = 500;

const nothing: PageNews = { spoken: null, toasts: [] };
const listeners = new Set<() => void>();
const told = new Set<string>();
let state = nothing;
let waiting: { readonly event: BookingEvent; isToast: boolean }[] = [];
let speaking: ReturnType<typeof setTimeout> | undefined;
let fading: ReturnType<typeof setTimeout> | undefined;
/** Somebody is at the messages. */
let isHeld = false;
let lastSpoken = Number.NEGATIVE_INFINITY;
let number = 0;

/**
 * Tells the page of an event: read out soon, together with what comes meanwhile.
 * @param isToast whether it is shown as a message too
 */
export function tellPage(event: BookingEvent, isToast: boolean): void {
  if (told.has(event.id)) {
    // Whoever heard it first may show no messages.
    const entry = waiting.find(({ event: { id } }) => id === event.id);
    if (entry && isToast) entry.isToast = true;
    return;
  }
  told.add(event.id);
  if (told.size > MEMORY) told.delete([...told][0] ?? "");
  waiting.push({ event, isToast });
  const wait = Math.max(GATHERING, lastSpoken + PAUSE - performance.now());
  speaking ??= setTimeout(speak, wait);
}

function speak(): void {
  speaking = undefined;
  lastSpoken = performance.now();
  const heap = waiting;
  waiting = [];
  const [spoken] = addTo([], heap, 1);
  const shown = heap.filter(({ isToast }) => isToast);
  set({ spoken: spoken ?? null, toasts: addTo(state.toasts, shown, MOST_TOASTS) });
  if (shown.length > 0) holdToasts(isHeld);
}

/** Adds events to the groups of their bookings; what would be too many becomes one group. */
function addTo(
  before: readonly NewsGroup[],
  heap: readonly { readonly event: BookingEvent }[],
  most: number,
): readonly NewsGroup[] {
  const groups = new Map(before.map((group) => [group.bookingId ?? "", group]));
  for (const { event } of heap) {
    const bookingId = groups.has("") ? null : event.booking_id;
    const group = groups.get(bookingId ?? "");
    const id = group?.id ?? `${(number += 1)}`;
    const count = (group?.count ?? 0) + 1;
    groups.set(bookingId ?? "", { id, bookingId, count, last: event });
    if (groups.size > most) {
      const all = [...groups.values()];
      const sum = all.reduce((total, one) => total + one.count, 0);
      groups.clear();
      groups.set("", { id: all[0]?.id ?? id, bookingId: null, count: sum, last: event });
    }
  }
  return [...groups.values()];
}

/** Keeps the messages while somebody is at them; otherwise they go after a while. */
export function holdToasts(isNow: boolean): void {
  isHeld = isNow;
  clearTimeout(fading);
  if (!isHeld) fading = setTimeout(() => set({ toasts: [] }), SHOWN);
}

export function dismissToast(id: string): void {
  set({ toasts: state.toasts.filter((group) => group.id !== id) });
  // Not every browser says that the focus has left what is gone.
  holdToasts(false);
}

/** Drops what is told and what waits to be: who signs in next may be somebody else. */
export function forgetNews(): void {
  waiting = [];
  set(nothing);
}

function set(change: Partial<PageNews>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export const readPageNews = (): PageNews => state;
export const readNoNews = (): PageNews => nothing;
export function watchPageNews(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
