import type { UseBookingEventsResult } from "../event-feed.ts";

/**
 * Two feeds of one client as one, each event once. The first one's connection counts, and what the hub
 * refuses of either: `retry` asks again for that.
 */
export function joinFeeds(
  [feed, other]: readonly [UseBookingEventsResult, UseBookingEventsResult],
  maxEvents: number,
): UseBookingEventsResult {
  const byId = new Map([...feed.events, ...other.events].map((event) => [event.id, event]));
  const both = (name: "pause" | "resume" | "clearEvents") => (): void => {
    feed[name]();
    other[name]();
  };
  return {
    ...(feed.refusal === null && other.refusal !== null ? other : feed),
    events: [...byId.values()].toSorted((one, next) => next.seq - one.seq).slice(0, maxEvents),
    hasGap: feed.hasGap || other.hasGap,
    pause: both("pause"),
    resume: both("resume"),
    clearEvents: both("clearEvents"),
  };
}
