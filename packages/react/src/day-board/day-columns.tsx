"use client";

import type { BookingResource, CommandResource } from "@slotwire/contract";
import { type CSSProperties, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { common } from "../messages/en.ts";
import { formatTime } from "../time/format-time.ts";
import { clockOf } from "../time/zoned-time.ts";
import { useWords } from "../use-words.ts";
import { type BoardView, DayCard, styleOf, walk } from "./day-card.tsx";
import { type DayItem, layOutDay } from "./lay-out-day.ts";

const HOUR = 3_600_000;

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
  const size = {
    "--sw-columns": columns.length,
    "--sw-hours": hours.length,
    "--sw-most-lanes": Math.max(...items.map(({ place }) => place?.lanes ?? 1)),
  };
  return (
    <div className="sw-day-scroll" data-list={listed !== null}>
      {listed !== null && (
        <button type="button" className="sw-button" onClick={() => setListed(null)}>
          {words.columns}
        </button>
      )}
      <div className="sw-day-grid" style={size as CSSProperties}>
        {columns.map((name, column) => (
          <div
            key={name ?? ""}
            className="sw-day-head"
            style={{ "--sw-column": column } as CSSProperties}
          >
            {name ?? words.nobody}
          </div>
        ))}
        <div className="sw-day-hours" aria-hidden="true">
          {hours.map((at) => (
            <span key={at}>{formatTime("time", at, locale, zone)}</span>
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
    const { booking, place, isHidden } = item;
    return <DayCard {...{ booking, place, isHidden, command, view }} />;
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
      <li
        className="sw-day-now"
        data-within={item.isWithin}
        style={{ "--sw-top": item.top } as CSSProperties}
      >
        <span>
          {words.now} {now !== null && formatTime("time", now, locale, zone)}
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
