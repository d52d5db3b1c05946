"use client";

import type { EventFilter, SlotwireClient } from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";
import { type ReactElement, useEffect, useState } from "react";
import { eventsToKeep } from "../event-feed.ts";
import { isStillLost } from "../is-still-lost.ts";
import { events as english } from "../messages/en.ts";
import type { PanelLook } from "../parts/panel.tsx";
import { isSignedOut } from "../signed-out.ts";
import { useZone } from "../time/use-zone.ts";
import { useEventFeed } from "../use-event-feed.ts";
import { useLiveState } from "../use-live-state.ts";
import { useReadOnce } from "../use-read-once.ts";
import { useSlotwireClient } from "../use-slotwire-client.ts";
import { type Labels, useWords } from "../use-words.ts";
import { EventsPanel } from "./events-panel.tsx";
import type { ExportFormat } from "./export-events.ts";
import { joinFeeds } from "./join-feeds.ts";
import { forgetNews, type NewsGroup, tellPage } from "./page-news.ts";
import { useMuted } from "./use-muted.ts";

/** What all components that show events as they happen take. */
export interface LiveEventsOptions extends PanelLook {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** How many events are kept: from 1 to 1,000; 50 when absent. */
  readonly maxEvents?: number;
  /** False shows no messages in the corner of the window. */
  readonly toasts?: boolean;
  /** False leaves it to the page to read events out: for one that has a live region of its own. */
  readonly readOut?: boolean;
  /** Shows messages in the page's own way. One with the `id` of an earlier one replaces it. */
  readonly onToast?: (toast: EventToast) => void;
  /** What else the events have to pass. */
  readonly filter?: EventFilter;
  /** What the events that are shown can be saved as; `[]` for nothing. */
  readonly exportFormats?: readonly ExportFormat[];
  /** Makes the bookings' numbers buttons. */
  readonly onOpen?: (bookingId: string) => void;
  /** Events to begin with, newest first: what a server has read. */
  readonly initialEvents?: readonly BookingEvent[];
  readonly labels?: Labels<"events">;
}

/** A message about one event, or about several that came together. */
export interface EventToast extends NewsGroup {
  readonly text: string;
}

/** How many events a stream can begin with. */
const MOST_RECENT = 200;

/** Milliseconds of the epoch. */
const clock = (): number => Date.now();

/**
 * The events of a part of the log.
 * @param props `parts`: one, or two that are shown as one
 */
export function LiveEvents({
  parts: [part, otherPart],
  title,
  toasts = true,
  readOut = true,
  ...props
}: LiveEventsOptions & {
  readonly parts: readonly [EventFilter, EventFilter?];
  readonly title: (words: typeof english) => string;
}): ReactElement {
  const { maxEvents: wished, filter, initialEvents } = props;
  const maxEvents = eventsToKeep(wished);
  const client = useSlotwireClient(props.client);
  const zone = useZone(client, props.timeZone);
  const said = useWords("events", english, props.labels);
  const describe = (event: BookingEvent): string => said.describe(event, zone);
  const words = { ...said, describe };
  const session = useReadOnce(client, client.session, toasts);
  const me = session?.user.id;
  const [isMuted, mute] = useMuted(me);
  const isOver = useLiveState(client, () => isSignedOut(client));
  useEffect(() => {
    if (isOver) forgetNews();
  }, [isOver]);
  const [lostAt, setLostAt] = useState(0);
  const options = {
    client,
    maxEvents,
    recent: Math.min(maxEvents, MOST_RECENT),
    filter,
    initialEvents,
    onLostConnection: () => setLostAt(clock()),
    onEvent(event: BookingEvent) {
      const { kind, id } = event.actor;
      const isOwn = session === undefined || (kind === "user" && id === me);
      tellPage(event, toasts && !isMuted && !isOwn);
    },
  };
  const feed = joinFeeds(
    [useEventFeed(part, options), useEventFeed(otherPart ?? null, options)],
    maxEvents,
  );
  return (
    <EventsPanel
      {...props}
      feed={feed}
      isLost={!feed.isConnected && isStillLost(feed.status, lostAt, feed.lastSyncedAt)}
      title={title(words)}
      words={words}
      zone={zone}
      mute={toasts ? { isMuted, mute } : null}
      readOut={readOut}
    />
  );
}
