"use client";

import type { BookingResource, CommandResource } from "@slotwire/contract";
import { type ReactElement, useEffect, useId, useRef, useState } from "react";
import { common } from "../messages/en.ts";
import { formatTime } from "../time/format-time.ts";
import { clockOf } from "../time/zoned-time.ts";
import { useWords } from "../use-words.ts";
import { type BoardView, DayCard, styleOf, walk } from "./day-card.tsx";
import { type DayItem, layOutDay } from "./lay-out-day.ts";

const HOUR = 3_600_000;
/** A column is as wide as so many bookings side by side, or more where it has more. */
const LEAST_WIDTH = 2;

/** Whether the label of an hour would stand where that of now does: from 8 minutes before to 20 after. */
const meets = (hour: number, now: number | null): boolean =>
  now !== null && Math.abs(now - hour - 360_000) < 840_000;

/**
 * The day's lines, in the order of time. The style sheet draws them as a list, or as boxes in columns
 * where there is room: they are there once.
 */
export function DayColumns({
  bookings,
  commands,
  now,
  view,
}: {
  readonly bookings: readonly BookingResource[];
  readonly commands: readonly CommandResource[];
  readonly now: number | null;
  readonly view: Omit<BoardView, "active" | "onActive">;
}): ReactElement {
  const hint = useId();
  const [focused, setFocused] = useState<string | null>(null);
  /** Which booking the list was opened for; null among the columns. */
  const [listed, setListed] = useState<string | null>(null);
  const { words, locale, zone } = view;
  const { columns, items, from, to } = layOutDay(bookings, now, (at) =>
    Number(clockOf(at, zone).replace(":", "")),
  );
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector<HTMLElement>(`[data-card="${listed}"]`)?.focus();
  }, [listed]);
  const active = (
    bookings.find(({ id }) => id === focused) ??
    items.find((item) => item.kind === "booking")?.booking
  )?.id;
  const hours = Array.from({ length: Math.round((to - from) / HOUR) }, (_, n) => from + n * HOUR);
  const widths = columns.map((_, column) => {
    const lanes = items.map(
      ({ place }) => (place?.column === column && place.lanes) || LEAST_WIDTH,
    );
    const width = Math.max(...lanes);
    return `minmax(${width * 6.25}rem, ${width}fr)`;
  });
  return (
    <div className="sw-day-scroll" data-list={listed !== null}>
      {listed !== null && (
        <button type="button" className="sw-button" onClick={() => setListed(null)}>
          {words.columns}
        </button>
      )}
      <div
        className="sw-day-grid"
        style={styleOf({ columns: widths.join(" "), hours: hours.length })}
      >
        {columns.map((name, column) => (
          <div key={name ?? ""} className="sw-day-head" style={styleOf({ column })}>
            {name ?? words.nobody}
          </div>
        ))}
        <div className="sw-day-hours" aria-hidden="true">
          {hours.map((at) => (
            <div key={at}>
              <span>{meets(at, now) ? "" : formatTime("time", at, locale, zone)}</span>
            </div>
          ))}
        </div>
        <p id={hint} className="sw-hidden">
          {words.keys}
        </p>
        <ol ref={list} className="sw-day-list" aria-describedby={hint}>
          {items.map((item) => (
            <Item
              key={item.key}
              item={item}
              command={commands.find(({ booking_id: id }) => id === item.key)}
              now={now}
              onMore={setListed}
              view={{ ...view, active, onActive: setFocused }}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

function Item({
  item,
  command,
  now,
  onMore,
  view,
}: {
  readonly item: DayItem;
  readonly command: CommandResource | undefined;
  readonly now: number | null;
  /** Opens the list at a booking. */
  readonly onMore: (bookingId: string) => void;
  readonly view: BoardView;
}): ReactElement {
  const { words, locale, zone } = view;
  const { length } = useWords("common", common);
  if (item.kind === "booking") {
    return <DayCard {...{ item, command, view }} />;
  }
  if (item.kind === "more") {
    return (
      <li className="sw-day-more" style={styleOf(item.place)}>
        <button
          type="button"
          className="sw-button"
          data-card=""
          onKeyDown={walk}
          onClick={() => onMore(item.key.slice(1))}
        >
          {words.more(item.count)}
        </button>
      </li>
    );
  }
  if (item.kind === "now") {
    return (
      <li className="sw-day-now" data-within={item.isWithin} style={styleOf({ top: item.top })}>
        <span>
          {words.now} <b>{now !== null && formatTime("time", now, locale, zone)}</b>
        </span>
      </li>
    );
  }
  const text = words.free(length(Math.floor(item.minutes / 60), item.minutes % 60));
  const { place } = item;
  return (
    <li
      className={place === null ? "sw-day-gap" : "sw-day-gap sw-day-own-gap"}
      style={styleOf(place)}
    >
      {text}
    </li>
  );
}
