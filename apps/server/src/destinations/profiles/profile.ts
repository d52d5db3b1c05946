import type { BookingEvent, PayloadMode } from "@slotwire/contract";
import type { OperationalEvent } from "../operational-event.ts";

/** What an encoder may know of the destination. */
export interface EncodeTarget {
  readonly id: string;
  readonly name: string;
  /** `thin` bodies carry no personal data: ids, states and times only. */
  readonly payloadMode: PayloadMode;
}

/** A request to be sent, or why there is nothing to send. */
export type Encoded =
  | { readonly body: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly skip: string };

/** The form in which one kind of receiver wants to hear of events. */
export interface Profile {
  /** As in the destination's `profile`. */
  readonly name: string;
  /**
   * Writes the body for an event. Pure, and the same at every attempt: nothing in it may depend
   * on when it is sent.
   */
  encode(event: BookingEvent, target: EncodeTarget): Encoded;
  /** The same for what is no booking's; absent where the receiver understands bookings only. */
  encodeOperational?(event: OperationalEvent, target: EncodeTarget): Encoded;
  /**
   * Writes the body of a trial: it can be told from the real thing and speaks of no booking.
   * @param at when it is sent, UTC
   */
  encodeTest(target: EncodeTarget, at: Date): Exclude<Encoded, { skip: string }>;
  /** The header in which this kind of receiver expects a key of its own. */
  keyHeader(key: string): { readonly name: string; readonly value: string };
}

/** The type that a trial carries in place of an event's. */
export const TEST_TYPE = "destination.test";

export const jsonHeaders = { "content-type": "application/json" } as const;
