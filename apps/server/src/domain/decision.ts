import type {
  Booking,
  BookingChange,
  BookingEventType,
  BookingStatus,
  ExternalRef,
  RecordAction,
} from "./booking.ts";

/**
 * What a change makes of a booking. What changes nothing visible may still have to be kept
 * (`keeps`): when it was said decides about what comes later. That makes no event.
 */
export type Decision =
  | WriteDecision
  /** It says nothing new. */
  | {
      readonly outcome: "unchanged";
      readonly reason: string;
      readonly keeps?: NextBooking;
      /** Absent when there is nothing to see to. */
      readonly code?: "E_ATTENDEE_UNKNOWN";
    }
  /** It was overtaken by something later. */
  | { readonly outcome: "stale"; readonly reason: string; readonly keeps?: NextBooking }
  /** It is not allowed; `allowed` are the states that would be. */
  | {
      readonly outcome: "refused";
      readonly code: "E_TRANSITION" | "E_NOT_OWNER" | "E_ATTENDEE_UNKNOWN";
      readonly reason: string;
      readonly allowed: readonly BookingStatus[];
      readonly keeps?: NextBooking;
    }
  /** It speaks of a booking that nobody knows, and says too little to create it. */
  | { readonly outcome: "unknown"; readonly reason: string };

/** The booking is written with one event. */
export interface WriteDecision {
  readonly outcome: "write";
  readonly action: RecordAction;
  readonly next: NextBooking;
  /** External refs to add or to mark as superseded. */
  readonly refs: readonly ExternalRef[];
  readonly event: {
    readonly type: BookingEventType;
    readonly oldStatus: BookingStatus | null;
    /** Names as on the wire. */
    readonly changedFields: readonly string[];
    /** The changed fields' values before, by their names on the wire. */
    readonly previous: Readonly<Record<string, unknown>>;
    readonly irregular: boolean;
  };
}

/** The state of a booking that a decision leads to; identity and numbering are the ledger's. */
export type NextBooking = Omit<
  Booking,
  "id" | "bookingNumber" | "version" | "heardCount" | "externalRefs"
>;

/** What the one who sent the change is told of it. */
export function actionOf(change: BookingChange, type: BookingEventType): RecordAction {
  const word = type.slice("booking.".length);
  if (type === "booking.created" && change.status !== null) {
    // A booking that is first heard of by its end is created and ended at once.
    if (change.kind === "cancelled" || change.kind === "rejected") return change.kind;
    if (change.kind === "completed") return change.kind;
  }
  return word === "deleted" ? "updated" : (word as RecordAction);
}
