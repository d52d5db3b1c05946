import type { BookingEvent, BookingEventType, StreamGap } from "@slotwire/contract";
import { providersOf } from "../domain/views/own-event.ts";
import { type EventDetail, showEvent } from "../domain/views/show-event.ts";

/** An event as it goes over the wire, made once and shared by all streams. */
export interface EventFrame {
  readonly seq: number;
  readonly type: BookingEventType;
  readonly bookingId: string;
  /** The member who made it; null when nobody did, or something else. */
  readonly userId: string | null;
  /** Whose booking it is now, and whose it was before this event, in lower case. */
  readonly providerEmails: readonly string[];
  /** Whose booking it is now, in lower case; null for nobody's. */
  readonly providerEmail: string | null;
  /** With everything in it: what others are sent is `bytesFor` them. */
  readonly bytes: Buffer;
}

/** An event is an unnamed message. JSON has no line breaks, so its data is one line. */
export function eventFrame(event: BookingEvent): EventFrame {
  const { after, before } = providersOf(event);
  const emails = [after, before].filter((email) => email !== null);
  return {
    seq: event.seq,
    type: event.type,
    bookingId: event.booking_id,
    userId: event.actor.kind === "user" ? event.actor.id : null,
    providerEmails: [...new Set(emails.map((email) => email.toLowerCase()))],
    providerEmail: after?.toLowerCase() ?? null,
    bytes: bytesOf(event),
  };
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

/** Read back from its bytes: most frames are sent as they are, and keep nothing beside them. */
function eventOf({ bytes }: EventFrame): BookingEvent {
  const text = bytes.toString();
  return JSON.parse(text.slice(text.indexOf("\ndata: ") + 7)) as BookingEvent;
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

/** @param position moves the reader on past events that its filter left out */
export function heartbeatFrame(position: number | null): string {
  return `: heartbeat\n${position === null ? "" : `id: ${position}\n`}\n`;
}

/** @param position from which the stream goes on */
export function gapFrame(gap: StreamGap, position: number): string {
  return `event: gap\nid: ${position}\ndata: ${JSON.stringify(gap)}\n\n`;
}

export const reauthFrame = "event: reauth\ndata: {}\n\n";
