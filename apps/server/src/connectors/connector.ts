import type { AuthMode } from "@slotwire/contract";
import type { BookingChange } from "../domain/booking.ts";
import type { ErrorCode } from "../errors.ts";

/** A message as it came over the wire. */
export interface RawMessage {
  readonly body: Buffer;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** When the hub received it, UTC. */
  readonly receivedAt: Date;
}

/** The verdict over a message's signature. Anything but `valid` keeps the message out. */
export type SignatureVerdict = "valid" | "missing" | "invalid";

/** What a connector made of a message. */
export type Interpretation =
  /** It changes one booking. */
  | {
      readonly outcome: "change";
      readonly trigger: string;
      readonly change: ConnectorChange;
      readonly summary: string;
      /** Records of the hub that it names beside the booking; absent for none. */
      readonly named?: NamedRecords;
    }
  /** It is understood, and nothing has to happen. */
  | { readonly outcome: "ignored"; readonly trigger: string | null; readonly reason: string }
  /** It cannot be understood; it is kept and can be processed again after a fix. */
  | {
      readonly outcome: "failed";
      readonly trigger: string | null;
      readonly code: ErrorCode;
      readonly reason: string;
    };

/**
 * Records that a message says it is about. Anybody may have written it, and they may be another
 * organisation's: it names them, and links nothing by itself.
 */
export interface NamedRecords {
  readonly customerId: string | null;
  readonly subjectId: string | null;
}

/** A change as a connector sees it: who and where it came from is added by the inbox. */
export type ConnectorChange = Omit<
  BookingChange,
  "connectionId" | "actor" | "bookingId" | "backfill"
>;

/** What a connector's `interpret` may know beside the message itself. */
export interface InterpretContext {
  readonly receivedAt: Date;
  /** IANA zone of the organisation, for sources that name none. */
  readonly timeZone: string;
}

/** One outside system: pure mapping from its messages to booking changes. */
export interface Connector {
  /** Kind of connection that it serves, for example `calcom`. */
  readonly kind: string;
  /** The product's name for people. */
  readonly label: string;
  readonly capabilities: ConnectorCapabilities;
  /** The setting that may hold the default organisation's secret; null for none. */
  readonly secretSetting: string | null;
  /** Headers, in lower case, that say something about a message and nothing secret. */
  readonly keptHeaders: readonly string[];
  /** Checks the message's signature against the connection's live secrets. Constant time. */
  verify(message: RawMessage, secrets: readonly string[]): SignatureVerdict;
  /**
   * Understands a parsed body. Pure: no I/O, no clock, never throws for any JSON value.
   * @param body the parsed JSON value, of any shape
   */
  interpret(body: unknown, context: InterpretContext): Interpretation;
}

/** What a kind of source can do; the rest of the hub asks these instead of its name. */
export interface ConnectorCapabilities {
  /** It pushes messages to the hub. Default: true for webhook sources. */
  readonly pushes: boolean;
  /** It owns the bookings it reports: its word on them is final. */
  readonly ownsBookings: boolean;
  /**
   * The ways in which its messages can prove themselves, the one for a new connection first.
   * Without `source_signature`, `verify` is never asked.
   */
  readonly authModes: readonly [AuthMode, ...AuthMode[]];
  /** Its secret can be one that is already at the source. Default: true. */
  readonly takesSecret: boolean;
}
