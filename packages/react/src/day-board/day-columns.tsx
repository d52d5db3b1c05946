"use client";

import type { BookingResource, CommandResource } from "@slotwire/contract";
import { type CSSProperties, type ReactElement, useId, useState } from "react";
import { common } from "../messages/en.ts";
import { formatTime } from "../time/format-time.ts";
import { clockOf } from "../time/zoned-time.ts";
import { useWords } from "../use-words.ts";
import { type BoardView, DayCard, styleOf } from "./day-card.tsx";
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
  const { words, locale, zone } = view;
  const { columns, items, from, to } = layOutDay(bookings, now, (at) =>
    Number(clockOf(at, zone).slice(3)),
  );
  const first = items.find((item) => item.kind === "booking");
  const isThere = bookings.some(({ id }) => id === focused);
  const active = isThere ? focused : (first?.booking.id ?? null);
  const hours = Array.from(
    { length: Math.round((to - from) / HOUR) + 1 },
    (_, n) => from + n * HOUR,
  );
  return (
    <div className="sw-day-scroll">
      <div
        className="sw-day-grid"
        style={{ "--sw-columns": columns.length, "--sw-hours": hours.length - 1 } as CSSProperties}
      >
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
          {hours.slice(0, -1).map((at) => (
            <span key={at}>{formatTime("time", at, locale, zone)}</span>
          ))}
        </div>
        <p id={hint} className="sw-hidden">
          {words.keys}
        </p>
        <ol className="sw-day-list" aria-describedby={hint}>
          {items.map((item) => (
            <Item
              key={keyOf(item)}
              item={item}
              command={commands.find(
                ({ booking_id: id }) => item.kind === "booking" && item.booking.id === id,
              )}
              now={now}
              view={{ ...view, active, onActive: setFocused }}
            />
          ))}
        </ol>
      </div>
    </div>
  );
}

function keyOf(item: DayItem): string {
  if (item.kind === "booking") return item.booking.id;
  return item.kind === "gap" ? `gap ${item.key}` : "now";
}

function Item({
  item,
  command,
  now,
  view,
}: {
  readonly item: DayItem;
  readonly command: CommandResource | undefined;
  readonly now: number | null;
  readonly view: BoardView;
}): ReactElement {
  const { words, locale, zone } = view;
  const { length } = useWords("common", common);
  if (item.kind === "booking") {
    return <DayCard booking={item.booking} command={command} place={item.place} view={view} />;
  }
  if (item.kind === "now") {
    return (
      <li
        className="sw-day-now"
        data-within={item.isWithin}
        style={{ "--sw-top": item.top } as CSSProperties}
      >
        {words.now} {now !== null && formatTime("time", now, locale, zone)}
      </li>
    );
  }
  const text = words.free(length(Math.floor(item.minutes / 60), item.minutes % 60));
  return item.place === null ? (
    <li className="sw-day-gap">{text}</li>
  ) : (
    <li className="sw-day-gap sw-day-own-gap" style={styleOf(item.place)}>
      {text}
    </li>
  );
}
