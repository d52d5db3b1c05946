import type {
  BookingEvent,
  DestinationFilter,
  DestinationResource,
  PayloadMode,
} from "@slotwire/contract";
import type { OperationalEvent } from "../operational-event.ts";

/** What an encoder may know of the destination. */
export interface EncodeTarget {
  readonly id: string;
  readonly name: string;
  /** One of the profile's `modes`. `thin` bodies carry no personal data. */
  readonly payloadMode: PayloadMode;
  /** The types of events that were asked for, `*` for all. */
  readonly eventTypes: readonly string[];
  /** Where the hub is reached, without a slash at its end: for links in bodies. */
  readonly publicUrl: string;
}

/** A body, and the headers that say what it is. */
export interface EncodedBody {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is to be sent, or why there is nothing to send. */
export type Encoded = EncodedBody | { readonly skip: string };

/** An answer that arrived, whatever its status. */
export interface ReceivedAnswer {
  readonly statusCode: number;
  /** The beginning of its body. */
  readonly responseBody: string | null;
}

/**
 * What an answer means: the delivery arrived; is to be tried again; is given up at once, as
 * nothing but a change of its body would help; or the destination is disabled, as its receiver
 * wants no more. How fast it is tried again is the sender's matter.
 */
export type Verdict = "delivered" | "retry" | "reject" | "disable";

/** What a destination of the profile has where nobody said otherwise. */
export interface ProfileDefaults {
  /** Requests per second that the kind of receiver is known to stand; read when sending. */
  readonly rate_per_second?: number;
  /** Set at a destination's creation. */
  readonly filter?: DestinationFilter;
}

/** The form in which one kind of receiver wants to hear of events. */
export interface Profile {
  /** As in the destination's `profile`. */
  readonly name: DestinationResource["profile"];
  /** The payload modes that it knows; the first is that of a destination that names none. */
  readonly modes: readonly [PayloadMode, ...PayloadMode[]];
  /** Those whose bodies carry personal data. */
  readonly personalModes: readonly PayloadMode[];
  readonly defaults?: ProfileDefaults;
  /**
   * Writes the body for an event. Pure, and the same at every attempt: nothing in it may depend
   * on when it is sent.
   */
  encode(event: BookingEvent, target: EncodeTarget): Encoded;
  /** The same for what is no booking's; absent where the receiver understands bookings only. */
  encodeOperational?(event: OperationalEvent, target: EncodeTarget): Encoded;
  /**
   * Writes one body of several, in their order; absent where the receiver takes one event at a
   * time, whatever the destination's `batch_size` says.
   */
  readonly encodeBatch?: (bodies: readonly string[]) => string;
  /**
   * Writes the body of a trial: it can be told from the real thing and speaks of no booking.
   * @param at when it is sent, UTC
   */
  encodeTest(target: Pick<EncodeTarget, "id" | "name" | "payloadMode">, at: Date): EncodedBody;
  /** What the kind of receiver means by an answer. Pure. */
  judge(answer: ReceivedAnswer): Verdict;
  /** The header in which this kind of receiver expects a key of its own. */
  keyHeader(key: string): { readonly name: string; readonly value: string };
}

/** The type that a trial carries in place of an event's. */
export const TEST_TYPE = "destination.test";

export const jsonHeaders = { "content-type": "application/json" } as const;
