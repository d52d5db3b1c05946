import type { UseBookingEventsResult } from "../event-feed.ts";

/**
 * Two feeds of one client as one, each event once. The first one's connection counts, and what the hub
 * refuses of either.
 */
export function joinFeeds(
  [feed, other]: readonly [UseBookingEventsResult, UseBookingEventsResult],
  maxEvents: number,
): UseBookingEventsResult {
  const isUnused = other.events.length === 0 && !other.isConnected && !other.isPaused;
  if (isUnused && other.refusal === null) return feed;
  const byId = new Map([...feed.events, ...other.events].map((event) => [event.id, event]));
  const both = (name: "pause" | "resume" | "clearEvents" | "retry") => (): void => {
    feed[name]();
    other[name]();
  };
  return {
    ...feed,
    ...(feed.refusal === null && other.refusal !== null ? refused(other) : {}),
    events: [...byId.values()].toSorted((one, next) => next.seq - one.seq).slice(0, maxEvents),
    hasGap: feed.hasGap || other.hasGap,
    pause: both("pause"),
    resume: both("resume"),
    clearEvents: both("clearEvents"),
    retry: both("retry"),
  };
}

const refused = ({ status, isConnected, error, refusal }: UseBookingEventsResult) => ({
  status,
  isConnected,
  error,
  refusal,
});
