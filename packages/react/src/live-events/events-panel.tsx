"use client";

import type { BookingEvent, BookingEventType } from "@slotwire/contract";
import { type ReactElement, useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import type { UseBookingEventsResult } from "../event-feed.ts";
import { common, connection, type Language, statuses } from "../messages/en.ts";
import { ConnectionText } from "../parts/connection-text.tsx";
import type { PanelLook } from "../parts/panel.tsx";
import { useKeptFocus } from "../parts/use-kept-focus.ts";
import { ZoneNote } from "../parts/zone-note.tsx";
import { problemWords } from "../parts/problem-words.ts";
import { formatTime } from "../time/format-time.ts";
import { useLocale, useWords } from "../use-words.ts";
import { EventRow } from "./event-row.tsx";
import { EventToasts } from "./event-toasts.tsx";
import { type ExportFormat, saveEvents } from "./export-events.ts";
import type { LiveEventsOptions } from "./live-events.tsx";
import { bookingName, newsWords } from "./news-words.ts";
import { readNoNews, readPageNews, watchPageNews } from "./page-news.ts";
import { useFirst } from "./use-first.ts";

type Words = Language["events"];

interface PanelProps extends PanelLook {
  readonly feed: UseBookingEventsResult;
  /** Whether there was no connection for a while. */
  readonly isLost: boolean;
  readonly title: string;
  /** In which events are told in `zone`. */
  readonly words: Words;
  readonly zone: string | null | undefined;
  readonly exportFormats?: LiveEventsOptions["exportFormats"];
  readonly onOpen?: LiveEventsOptions["onOpen"] | undefined;
  readonly onToast?: LiveEventsOptions["onToast"] | undefined;
  /** Whether what happens is read out here. */
  readonly readOut: boolean;
  /** Null where there are no messages. */
  readonly mute: { readonly isMuted: boolean; readonly mute: (isMuted: boolean) => void } | null;
}

const allFormats: readonly ExportFormat[] = ["json", "csv"];

/** The events of a feed with everything to find, stop, save and clear them. */
export function EventsPanel({
  feed,
  isLost,
  title,
  words,
  zone,
  mute,
  readOut,
  onOpen,
  onToast,
  exportFormats = allFormats,
  className = "",
  heading: Heading = "h2",
}: PanelProps): ReactElement {
  const id = useId();
  const states = useWords("connection", connection);
  const names = useWords("statuses", statuses);
  const locale = useLocale();
  const [kind, setKind] = useState<BookingEventType | "">("");
  const [search, setSearch] = useState("");
  const { events, isPaused, status } = feed;
  const isDenied = status === "denied" && !isPaused;
  const shown = events.filter(
    (event) => (kind === "" || event.type === kind) && isFound(event, search, words),
  );
  const kinds = [...new Set([...events.map(({ type }) => type), ...(kind === "" ? [] : [kind])])];
  const texts = useWords("common", common);
  const isKnown = wasReached(feed);
  return (
    <section className={`sw sw-panel sw-events ${className}`.trim()} aria-labelledby={id}>
      <div className="sw-head">
        <Heading id={id} className="sw-title">
          {title}
        </Heading>
        <ZoneNote zone={zone} />
        <ConnectionText
          status={isPaused ? "paused" : status}
          text={isPaused ? words.paused : states[status]}
        />
      </div>
      <div className="sw-events-find">
        <select
          className="sw-field"
          aria-label={words.kind}
          value={kind}
          onChange={({ target }) => setKind(target.value as BookingEventType | "")}
        >
          <option value="">{words.allKinds}</option>
          {kinds.toSorted().map((type) => (
            <option key={type} value={type}>
              {words.types[type] ?? type}
            </option>
          ))}
        </select>
        <input
          className="sw-field"
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      <Log
        titleId={id}
        feed={feed}
        isLost={isLost}
        shown={shown}
        words={words}
        zone={zone}
        readOut={readOut}
        onOpen={onOpen}
      />
      {shown.length === 0 && events.length > 0 && <p className="sw-note">{words.noMatch}</p>}
      {events.length === 0 && !isDenied && (isKnown || !isLost) && (
        <p className="sw-note">{isKnown ? words.empty : texts.loading}</p>
      )}
      <div className="sw-buttons">
        <span className="sw-muted sw-events-count">{words.shown(shown.length)}</span>
        {mute !== null && (
          <Button
            text={words.toasts}
            isPressed={!mute.isMuted}
            onPress={() => mute.mute(!mute.isMuted)}
          />
        )}
        <Button
          text={isPaused ? words.resume : words.pause}
          onPress={isPaused ? feed.resume : feed.pause}
        />
        {exportFormats.map((format) => (
          <Button
            key={format}
            text={format.toUpperCase()}
            label={words.export(format.toUpperCase())}
            isOff={shown.length === 0}
            onPress={() => saveEvents(shown, format, { words, statuses: names, locale })}
          />
        ))}
        <Button text={words.clear} isOff={events.length === 0} onPress={feed.clearEvents} />
      </div>
      {mute !== null && <Messages words={words} onToast={onToast} />}
    </section>
  );
}

/** What is typed is looked for in all that a row says, and in whom it is about. */
function isFound(event: BookingEvent, search: string, words: Words): boolean {
  const { type, booking_number: number, actor, data } = event;
  const text = [
    words.describe(event),
    words.types[type],
    `#${number}`,
    actor.name,
    bookingName(event),
    data.booking?.title,
    data.booking?.customer?.name,
  ].join("\n");
  return text.toLowerCase().includes(search.trim().toLowerCase());
}

function Button({
  text,
  label,
  isPressed,
  isOff = false,
  onPress,
}: {
  readonly text: string;
  readonly label?: string;
  readonly isPressed?: boolean;
  readonly isOff?: boolean;
  readonly onPress: () => void;
}): ReactElement {
  return (
    <button
      type="button"
      className="sw-button"
      aria-label={label}
      aria-pressed={isPressed}
      aria-disabled={isOff || undefined}
      onClick={() => {
        if (!isOff) onPress();
      }}
    >
      {isPressed !== undefined && <span aria-hidden="true">{isPressed ? "✓ " : "○ "}</span>}
      {text}
    </button>
  );
}

/** Whether anything is known of the log: before that, nothing can be said of what has happened. */
const wasReached = ({ events, lastSyncedAt }: PanelProps["feed"]): boolean =>
  events.length > 0 || lastSyncedAt !== null;

/**
 * The list. It is a log that is read out by sentences, at most one in three seconds, and on a page with
 * several by one of them: rows as they come would be a flood.
 */
function Log({
  titleId,
  feed,
  isLost,
  shown,
  words,
  zone,
  readOut,
  onOpen,
}: Pick<PanelProps, "feed" | "isLost" | "words" | "zone" | "readOut" | "onOpen"> & {
  /** The heading that names it. */
  readonly titleId: string;
  readonly shown: readonly BookingEvent[];
}): ReactElement {
  const { status, isPaused, error, hasGap, lastSyncedAt, refusal, retry } = feed;
  const locale = useLocale();
  const texts = useWords("common", common);
  const reason = refusal === null ? words.denied(error ?? "") : problemWords(refusal, texts);
  const isVoice = useFirst(readOut ? "voice" : null);
  const { spoken } = usePageNews();
  const list = useRef<HTMLOListElement>(null);
  // The oldest row goes when a new one comes.
  useKeptFocus(list, "li:last-child button");
  const isStale = !isPaused && isLost;
  const time = lastSyncedAt !== null && formatTime("time", lastSyncedAt, locale, zone);
  return (
    <div
      role="log"
      aria-live={isVoice ? "polite" : "off"}
      aria-relevant="additions"
      aria-labelledby={titleId}
      className="sw-stack"
    >
      {isStale && (
        <div className="sw-info">
          <p>
            <strong>
              {status === "denied" && words.refused}
              {status !== "denied" && (wasReached(feed) ? words.lost : texts.unreachable)}
            </strong>{" "}
            {time && shown.length > 0 && words.asOf(time)} {status === "denied" && reason}
          </p>
          <button type="button" className="sw-button" onClick={retry}>
            {texts.retry}
          </button>
        </div>
      )}
      {hasGap && <p className="sw-info">{words.gap}</p>}
      {isVoice && spoken !== null && (
        <p key={`${spoken.id} ${spoken.count}`} className="sw-hidden">
          {newsWords(spoken, words)}
        </p>
      )}
      <ol
        ref={list}
        className="sw-events-list"
        aria-live="off"
        aria-label={words.shown(shown.length)}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- WCAG 2.1.1: what scrolls has to be reachable by keyboard
        tabIndex={0}
      >
        {shown.map((event) => (
          <EventRow
            key={event.id}
            event={event}
            words={words}
            locale={locale}
            zone={zone}
            onOpen={onOpen}
          />
        ))}
      </ol>
    </div>
  );
}

const usePageNews = () => useSyncExternalStore(watchPageNews, readPageNews, readNoNews);

/** The messages of the page, by the first of its components that has any. */
function Messages({ words, onToast }: Pick<PanelProps, "words" | "onToast">): ReactElement | null {
  const isHost = useFirst("toasts");
  const { toasts } = usePageNews();
  const handed = useRef<typeof toasts>([]);
  useEffect(() => {
    if (!isHost) return;
    const fresh = toasts.filter((group) => !handed.current.includes(group));
    handed.current = toasts;
    for (const group of fresh) onToast?.({ ...group, text: newsWords(group, words) });
  });
  return isHost && onToast === undefined && toasts.length > 0 ? (
    <EventToasts toasts={toasts} words={words} />
  ) : null;
}
