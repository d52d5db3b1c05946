import type { BookingEvent, StreamGap } from "@slotwire/contract";
import { type EventDetail, showEvent } from "../domain/views/show-event.ts";
import { type EventFacts, factsOf } from "./event-facts.ts";

/** An event as it goes over the wire, made once and shared by all streams. */
export interface EventFrame extends EventFacts {
  /** With everything in it: what others are sent is `bytesFor` them. */
  readonly bytes: Buffer;
}

/** An event is an unnamed message. JSON has no line breaks, so its data is one line. */
export function eventFrame(event: BookingEvent): EventFrame {
  return { ...factsOf(event), bytes: bytesOf(event) };
}

function bytesOf(event: BookingEvent): Buffer {
  return Buffer.from(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** What frames look like to those who are not shown all: made when the first of them asks. */
const narrowed = new WeakMap<EventFrame, Partial<Record<EventDetail, Buffer>>>();

/** The frame as it is sent to whoever is shown so much, shared by all of them. */
export function bytesFor(frame: EventFrame, detail: EventDetail): Buffer {
  if (detail === "full") return frame.bytes;
  const made = narrowed.get(frame) ?? {};
  narrowed.set(frame, made);
  return (made[detail] ??= bytesOf(showEvent(eventOf(frame), detail)));
}

/** The event alone, as JSON, of what `bytesFor` answers. */
export function jsonIn(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.indexOf("\ndata: ") + 7, -2);
}

/** Read back from its bytes: most frames are sent as they are, and keep nothing beside them. */
function eventOf({ bytes }: EventFrame): BookingEvent {
  return JSON.parse(jsonIn(bytes).toString()) as BookingEvent;
}

/**
 * What opens every stream: how soon to reconnect, and a first byte that shows it is open.
 * @param position set for a reader that did not name one, or it could lose events by reconnecting
 *   before its first: a block without data sets the last event id and is no message (HTML Living
 *   Standard, 9.2.6)
 */
export function openingFrame(position: number | null): string {
  return `: open\nretry: 1000\n${position === null ? "" : `id: ${position}\n`}\n`;
}

/**
 * Ends the events that a stream began with: from here on it tells what comes.
 * @param position at which they were read, where the reader is now
 */
export function beginningFrame(position: number): string {
  return `: live\nid: ${position}\n\n`;
}

/** @param position moves the reader on past events that its filter left out */
export function heartbeatFrame(position: number | null): string {
  return `: heartbeat\n${position === null ? "" : `id: ${position}\n`}\n`;
}

/** @param position from which the stream goes on */
export function gapFrame(gap: StreamGap, position: number): string {
  return `event: gap\nid: ${position}\ndata: ${JSON.stringify(gap)}\n\n`;
}

export const reauthFrame = "event: reauth\ndata: {}\n\n";
