import type { WebhookReceipt } from "@slotwire/contract";
import type { Interpretation } from "../connectors/connector.ts";
import { type ErrorCode, SlotwireError } from "../errors.ts";
import { keepMessage } from "../ledger/keep-message.ts";
import type { MessageDraft, MessageOutcome } from "../ledger/message-draft.ts";
import { record, type RecordInput, type RecordResult } from "../ledger/record.ts";
import { warnOfNamed } from "../ledger/warn-of-named.ts";
import type { SourceConnection } from "./connections/source-connection.ts";
import type { InboxDeps } from "./inbox-deps.ts";
import { reviveMessage, reviveUnmapped } from "./queries.ts";

/** What became of a message, once all of it is committed. */
export interface AppliedMessage {
  /** False when it was kept, and has not been understood yet. */
  readonly isUnderstood: boolean;
  /** Something later than it was known, so that it changed nothing; absent when it was not. */
  readonly isOvertaken?: true;
  /** It named somebody whom the booking does not know: who is on it, by their addresses. */
  readonly coming?: readonly string[];
  readonly receipt: WebhookReceipt;
}

/** A message that has been understood, or not, on its way into the ledger. */
export interface MessageToApply {
  readonly connection: SourceConnection;
  readonly draft: MessageDraft;
  readonly interpretation: Interpretation;
}

/**
 * Makes of a message what it says: hands its change to the ledger, or keeps it with the reason
 * why there is none. Either way it is stored when this returns.
 */
export async function applyMessage(
  deps: InboxDeps,
  message: MessageToApply,
): Promise<AppliedMessage> {
  if (idToAskFor(message) === null) return applyUnderstood(deps, message);
  // The source's answer is another's time: the worker asks, the sender is told that it is kept.
  const kept = await keep(deps, message, { ...nothing, status: "received" });
  deps.wake.signal("messages");
  return kept;
}

/**
 * The id by which the source's API is to be asked before a message counts; null for a message that
 * says enough by itself.
 */
export function idToAskFor({
  connection,
  interpretation,
}: Pick<MessageToApply, "connection" | "interpretation">): string | null {
  if (interpretation.outcome === "fetch") return interpretation.id;
  if (interpretation.outcome !== "change" || connection.apiKey === null) return null;
  return interpretation.detailsId ?? null;
}

/** Makes of a message what it says by itself, without asking its source. */
export async function applyUnderstood(
  deps: InboxDeps,
  message: MessageToApply,
): Promise<AppliedMessage> {
  const { interpretation } = message;
  switch (interpretation.outcome) {
    case "change":
      return applyChange(deps, message, interpretation);
    case "fetch": {
      const error = "it says too little by itself, and its source was not asked";
      const failed = {
        ...nothing,
        status: "failed",
        errorCode: "E_API_KEY_MISSING",
        error,
      } as const;
      return keep(deps, message, failed);
    }
    case "ignored": {
      const { code = null, reason } = interpretation;
      const error = code === null ? null : reason;
      const ignored = { ...nothing, status: "ignored", action: "ignored" } as const;
      return keep(deps, message, { ...ignored, errorCode: code, error });
    }
    case "failed": {
      const { code, reason, waits } = interpretation;
      if (waits === true) return waitForMeaning(deps, message, { code, reason });
      return keep(deps, message, { ...nothing, status: "failed", errorCode: code, error: reason });
    }
  }
}

const nothing: MessageOutcome = {
  status: "ignored",
  action: null,
  bookingId: null,
  waitingFor: null,
  errorCode: null,
  error: null,
  nextAttemptAt: null,
};

/** Of an id that the hub would have given: no message brings that booking later. */
const unknownHere: MessageOutcome = {
  ...nothing,
  status: "failed",
  errorCode: "E_BOOKING_UNKNOWN",
  error: "the hub has no booking with this id",
};

type Change = Pick<Extract<Interpretation, { outcome: "change" }>, "change" | "named">;

async function applyChange(
  deps: InboxDeps,
  message: MessageToApply,
  interpretation: Change,
): Promise<AppliedMessage> {
  const { connection, draft } = message;
  const { change, named } = interpretation;
  try {
    const input = changeToRecord(connection, interpretation);
    const result = await record(deps, { ...input, message: draft });
    return appliedOf(result, draft);
  } catch (error) {
    if (!(error instanceof SlotwireError) || error.code !== "E_BOOKING_UNKNOWN") throw error;
    if (change.hubBookingId !== undefined) return keep(deps, message, unknownHere);
    const { orgId, id: connectionId } = connection;
    const warning = await warnOfNamed(deps, { orgId, connectionId, named });
    const warned = { ...message, draft: { ...draft, warning } };
    return waitForBooking(deps, warned, change.refs?.uid ?? null);
  }
}

/** What a source's message wants of the ledger. */
export function changeToRecord(
  connection: Pick<SourceConnection, "id" | "orgId" | "kind" | "name">,
  { change: { hubBookingId, ...change }, named }: Change,
): Omit<RecordInput, "message"> {
  return {
    orgId: connection.orgId,
    change: {
      ...change,
      connectionId: hubBookingId === undefined ? connection.id : null,
      bookingId: hubBookingId ?? null,
      backfill: false,
      actor: { kind: "connection", id: connection.id, name: connection.name, mayCorrect: false },
    },
    sourceKind: connection.kind,
    named,
  };
}

/** Keeps a message until the booking that it speaks of arrives. */
async function waitForBooking(
  deps: InboxDeps,
  message: MessageToApply,
  uid: string | null,
): Promise<AppliedMessage> {
  const kept = await keep(deps, message, {
    ...nothing,
    status: "waiting",
    waitingFor: uid,
    errorCode: "E_BOOKING_UNKNOWN",
    error: "the booking that it speaks of has not arrived yet",
  });
  if (uid === null || kept.isUnderstood) return kept;
  // The booking may have been committed between the ledger's look and this message's own commit.
  const { connection } = message;
  const target = { orgId: connection.orgId, connectionId: connection.id, uid };
  if (await reviveMessage(deps, { ...target, messageId: kept.receipt.message_id })) {
    deps.wake.signal("messages");
  }
  return kept;
}

/** Keeps a message until somebody has said what it means. */
async function waitForMeaning(
  deps: InboxDeps,
  message: MessageToApply,
  { code, reason }: { readonly code: ErrorCode; readonly reason: string },
): Promise<AppliedMessage> {
  const outcome = { ...nothing, status: "waiting", errorCode: code, error: reason } as const;
  const kept = await keep(deps, message, outcome);
  if (kept.isUnderstood) return kept;
  // Somebody may have said so after the settings were read, and before this message's own commit.
  const messageId = kept.receipt.message_id;
  if (await reviveUnmapped(deps, message.connection, messageId)) deps.wake.signal("messages");
  return kept;
}

async function keep(
  deps: InboxDeps,
  { connection, draft, interpretation }: MessageToApply,
  outcome: MessageOutcome,
): Promise<AppliedMessage> {
  const { orgId } = connection;
  const { messageId, duplicate, bookingId } = await keepMessage(deps, {
    orgId,
    message: draft,
    outcome,
  });
  const base = { success: true, booking_id: bookingId, message_id: messageId };
  if (duplicate) {
    const reason = "this message was dealt with before";
    return { isUnderstood: true, receipt: { ...base, action: "duplicate", reason } };
  }
  const isUnderstood = outcome.status === "ignored";
  const reason =
    outcome.error ?? (interpretation.outcome === "ignored" ? interpretation.reason : null);
  return {
    isUnderstood,
    receipt: {
      ...base,
      action: isUnderstood ? "ignored" : "stored",
      ...(reason === null ? {} : { reason }),
    },
  };
}

function appliedOf(result: RecordResult, draft: MessageDraft): AppliedMessage {
  const receipt = receiptOf(result, draft);
  const { action, coming } = result;
  if (coming === undefined) {
    return { isUnderstood: true, receipt, ...(action === "stale" ? { isOvertaken: true } : {}) };
  }
  const code = "E_ATTENDEE_UNKNOWN";
  if (action === "refused") return { isUnderstood: true, receipt: { ...receipt, code }, coming };
  return { isUnderstood: false, receipt: { ...receipt, code, action: "stored" }, coming };
}

function receiptOf(result: RecordResult, { id, warning }: MessageDraft): WebhookReceipt {
  const { action, reason } = result;
  // What could not be read of it is more than that the rest is known.
  const isPartial = action === "unchanged" && warning !== null && reason !== null;
  return {
    success: result.action !== "refused",
    // That it came too late is the hub's business; to its sender nothing changed.
    action: result.action === "stale" ? "unchanged" : result.action,
    booking_id: result.bookingId,
    message_id: result.messageId ?? id,
    ...(reason === null
      ? {}
      : { reason: isPartial ? `${warning} Beside that, ${reason}.` : reason }),
  };
}

/**
 * Keeps a message that something unexpected happened to, to be tried again: an answer of 2xx
 * must never lose one.
 * @param nextAttemptAt when the worker takes it up
 */
export async function keepForLater(
  deps: InboxDeps,
  message: MessageToApply,
  nextAttemptAt: Date,
): Promise<AppliedMessage> {
  const error = "something went wrong inside the hub; it is tried again";
  const outcome: MessageOutcome = {
    ...nothing,
    status: "received",
    errorCode: "E_INTERNAL",
    error,
    nextAttemptAt,
  };
  return keep(deps, message, outcome);
}
