import type { BookingEvent } from "@slotwire/contract";
import { expect, test } from "vitest";
import { createEventBuffer } from "./event-buffer.ts";

const event = (seq: number): BookingEvent => ({ seq }) as BookingEvent;

test("keeps the newest events, newest first, and no more than asked for", () => {
  const buffer = createEventBuffer(3, [event(2), event(1)]);
  for (let seq = 3; seq <= 10_000; seq += 1) buffer.add(event(seq));
  expect(buffer.events.map(({ seq }) => seq)).toEqual([10_000, 9999, 9998]);
  buffer.resize(1);
  expect(buffer.events.map(({ seq }) => seq)).toEqual([10_000]);
});

test("tells who watches of every change, with a new list each time", () => {
  const buffer = createEventBuffer(2);
  const lists: (readonly BookingEvent[])[] = [];
  const stop = buffer.watch(() => lists.push(buffer.events));
  buffer.add(event(1));
  buffer.clear();
  stop();
  buffer.add(event(2));
  expect(lists).toEqual([[event(1)], []]);
});
