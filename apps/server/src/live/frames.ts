import type { BookingEvent, BookingEventType, StreamGap } from "@slotwire/contract";

/** An event as it goes over the wire, made once and shared by all streams. */
export interface EventFrame {
  readonly seq: number;
  readonly type: BookingEventType;
  readonly bookingId: string;
  /** The member who made it; null when nobody did, or something else. */
  readonly userId: string | null;
  /** Whose booking it is now, and whose it was before this event, in lower case. */
  readonly providerEmails: readonly string[];
  readonly bytes: Buffer;
}

/** An event is an unnamed message. JSON has no line breaks, so its data is one line. */
export function eventFrame(event: BookingEvent): EventFrame {
  return {
    seq: event.seq,
    type: event.type,
    bookingId: event.booking_id,
    userId: event.actor.kind === "user" ? event.actor.id : null,
    providerEmails: providerEmailsOf(event),
    bytes: Buffer.from(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`),
  };
}

function providerEmailsOf({ data: { booking, previous = {} } }: BookingEvent): string[] {
  const { provider, provider_email: column } = previous;
  // A change by somebody else's SQL names the columns of its table.
  const before = isRecord(provider) ? provider["email"] : column;
  const emails = [booking?.provider?.email, before].filter((email) => typeof email === "string");
  return [...new Set(emails.map((email) => email.toLowerCase()))];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
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
