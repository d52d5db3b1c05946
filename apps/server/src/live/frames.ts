import type { BookingEvent, BookingEventType, StreamGap } from "@slotwire/contract";

/** An event as it goes over the wire, made once and shared by all streams. */
export interface EventFrame {
  readonly seq: number;
  readonly type: BookingEventType;
  readonly bookingId: string;
  readonly bytes: Buffer;
}

/** An event is an unnamed message. JSON has no line breaks, so its data is one line. */
export function eventFrame(event: BookingEvent): EventFrame {
  return {
    seq: event.seq,
    type: event.type,
    bookingId: event.booking_id,
    bytes: Buffer.from(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`),
  };
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
