import type { SignatureState } from "@slotwire/contract";

/** A message as it is to be kept, whatever becomes of it. */
export interface MessageDraft {
  /** UUIDv7, made when it was received. */
  readonly id: string;
  readonly connectionId: string;
  /** SHA-256 of the raw body, hex: the same message is kept once. */
  readonly dedupeKey: string;
  /**
   * SHA-256 of what it tells, hex: other words for the same event have the same. Null or absent
   * when that cannot be said.
   */
  readonly eventKey?: string | null;
  readonly trigger: string | null;
  /** How it was understood, in words. */
  readonly summary: string;
  /** What people should see to, although it is dealt with; null for nothing. */
  readonly warning: string | null;
  /** Written once: a message that is kept again keeps what it first came with. */
  readonly signatureState: SignatureState;
  /** Redacted: nothing secret in it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Date;
  /** What it asks for beside its change: kept with it, and done after the commit. */
  readonly asks?: readonly object[];
  /** It was dealt with before, and somebody wants that done again. */
  readonly again?: boolean;
}

/** What became of a message. */
export interface MessageOutcome {
  readonly status: "received" | "waiting" | "processed" | "unchanged" | "ignored" | "failed";
  readonly action: string | null;
  readonly bookingId: string | null;
  /** The id of the booking that it waits for. */
  readonly waitingFor: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** When it is to be tried again; only for `received`. */
  readonly nextAttemptAt: Date | null;
}

/** The message as `ledger_write` takes it. */
export function messageRow(message: MessageDraft, outcome: MessageOutcome, now: Date): object {
  const isDone = outcome.status !== "received" && outcome.status !== "waiting";
  return {
    id: message.id,
    connection_id: message.connectionId,
    dedupe_key: message.dedupeKey,
    event_key: message.eventKey ?? null,
    trigger: message.trigger,
    status: outcome.status,
    action: outcome.action,
    summary: message.summary,
    warning: message.warning,
    signature_state: message.signatureState,
    headers: message.headers,
    body: message.body.toString("base64"),
    waiting_for: outcome.waitingFor,
    booking_id: outcome.bookingId,
    error_code: outcome.errorCode,
    error: outcome.error,
    next_attempt_at: outcome.nextAttemptAt,
    received_at: message.receivedAt,
    asks: message.asks ?? [],
    again: message.again === true,
    processed_at: isDone ? now : null,
  };
}
