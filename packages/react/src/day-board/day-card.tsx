"use client";

import type { BookingResource, CommandResource } from "@slotwire/contract";
import type { CSSProperties, KeyboardEvent, ReactElement } from "react";
import { common as english, type dayBoard } from "../messages/en.ts";
import { commandWords } from "../parts/problem-words.ts";
import { Chip, placeOf, StatusChip, toneOf } from "../parts/status-chip.tsx";
import { isOpen } from "../status-change/is-open.ts";
import { formatTime } from "../time/format-time.ts";
import { useWords } from "../use-words.ts";
import { isStanding, type DayItem, providerOf } from "./lay-out-day.ts";
import { nameOf } from "./name-of.ts";
import { nextCard } from "./next-card.ts";

/** What all cards of a board share. */
export interface BoardView {
  readonly words: typeof dayBoard;
  readonly locale: string;
  readonly zone: string;
  /** The card that the Tab key leads to; arrow keys lead on from it. */
  readonly active: string | undefined;
  readonly onActive: (id: string) => void;
  readonly onOpen: (booking: BookingResource) => void;
  readonly onMove: (booking: BookingResource) => void;
}

/** One booking. It opens by a click or Enter, and has a button to move it. */
export function DayCard({
  item,
  command,
  view,
}: {
  readonly item: Extract<DayItem, { kind: "booking" }>;
  /** What its source is asked for, or has refused. */
  readonly command: CommandResource | undefined;
  readonly view: BoardView;
}): ReactElement {
  const { booking, place, isHidden } = item;
  const { words, locale, zone, onOpen, onMove } = view;
  const { id, starts_at: start, ends_at: end, status, subjects, service, title } = booking;
  const name = nameOf(booking) || words.untitled;
  const allergies = subjects.flatMap((subject) => subject.allergies);
  const others = booking.attendees.filter((one) => one.status !== "cancelled").length - 1;
  const provider = providerOf(booking);
  const what = service?.name ?? service?.key ?? (title === name ? "" : title);
  const about = [...subjects.map(petOf), what].filter(Boolean).join(" · ");
  const tabIndex = view.active === id ? 0 : -1;
  return (
    <li
      className="sw-day-card"
      data-tone={toneOf(status)}
      data-standing={isStanding(booking)}
      data-hidden={isHidden}
      style={styleOf(place)}
    >
      <button
        type="button"
        className="sw-day-open"
        data-card={id}
        tabIndex={tabIndex}
        onFocus={() => view.onActive(id)}
        onClick={() => onOpen(booking)}
        onKeyDown={walk}
        // All that it says: among the columns there is little room.
        onPointerEnter={({ currentTarget: card }) => (card.title = card.textContent)}
      >
        <span className="sw-day-time">
          <time dateTime={start}>{formatTime("time", start, locale, zone)}</time>
          <span>
            –<time dateTime={end}>{formatTime("time", end, locale, zone)}</time>
          </span>
        </span>{" "}
        <span className="sw-day-name">
          {name}
          {others > 0 && ` ${words.others(others)}`}
        </span>{" "}
        <span className="sw-day-chips">
          {allergies.length > 0 && (
            <Chip tone="bad" icon="⚠">
              {words.allergies(allergies.join(", "))}
            </Chip>
          )}{" "}
          <StatusChip status={status} />
        </span>{" "}
        {command && <Asked command={command} view={view} />}{" "}
        <span className="sw-muted sw-day-about">
          {about}
          {provider !== null && (
            <span className="sw-day-who">
              {about !== "" && " · "}
              {provider}
            </span>
          )}
        </span>
      </button>
      {placeOf(status) < placeOf("completed") && (
        <button
          type="button"
          className="sw-button sw-day-move"
          tabIndex={tabIndex}
          aria-label={words.moveOf(name)}
          onClick={() => onMove(booking)}
        >
          {words.move}
        </button>
      )}
    </li>
  );
}

/** Leads the focus by the arrow keys from card to card, of those that are shown. */
export function walk(event: KeyboardEvent<HTMLElement>): void {
  const list = event.currentTarget.closest("ol");
  const all = list?.querySelectorAll<HTMLElement>("[data-card]") ?? [];
  const cards = [...all].filter((card) => card.getClientRects().length > 0);
  const next = nextCard(event.key, event.currentTarget, cards);
  if (next === null) return;
  event.preventDefault();
  next.focus();
}

/** Custom properties by which the style sheet draws a box among the columns. */
export const styleOf = (sizes: object | null): CSSProperties =>
  Object.fromEntries(Object.entries(sizes ?? {}).map(([name, value]) => [`--sw-${name}`, value]));

const petOf = ({ name, breed }: BookingResource["subjects"][number]): string =>
  breed === null ? name : `${name} (${breed})`;

function Asked({
  command,
  view: { words, locale, zone },
}: {
  readonly command: CommandResource;
  readonly view: BoardView;
}): ReactElement {
  const common = useWords("common", english);
  const { source_name: source, starts_at: to, kind } = command;
  const isAsked = isOpen(command);
  const refusal = `${words.refused(source)} ${commandWords(command, common)}`;
  const wish =
    to === null
      ? words.asked(source, words.kinds[kind])
      : words.pending(source, formatTime("dateTime", to, locale, zone));
  return (
    <span className="sw-day-asked" data-tone={isAsked ? "warn" : "bad"}>
      <span aria-hidden="true">{isAsked ? "◷ " : "⚠ "}</span>
      {isAsked ? wish : refusal}
    </span>
  );
}
