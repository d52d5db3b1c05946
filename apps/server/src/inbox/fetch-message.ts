import type { ReportedBooking } from "../connectors/connector.ts";
import { describeChange } from "../connectors/describe-change.ts";
import { SourceApiError } from "../connectors/source-api-error.ts";
import { system } from "../db/database.ts";
import { type ErrorCode, SlotwireError } from "../errors.ts";
import { applyUnderstood, type MessageToApply } from "./apply-message.ts";
import { capChange } from "./cap-source-time.ts";
import { openSourceApi } from "./connections/open-source-api.ts";
import type { InboxDeps } from "./inbox-deps.ts";
import { type ClaimedMessage, messageQueue, retryAt } from "./message-queue.ts";

/** A source that does not answer is asked again for a day. ms */
const PATIENCE = 24 * 60 * 60 * 1000;
/** Tries that were answered by nobody count up to here: the queue gives up what takes workers down. */
const COUNTED_ATTEMPTS = 8;

/** A message that the worker has claimed, and the id by which its source is to be asked. */
export interface MessageToFetch {
  readonly row: ClaimedMessage;
  readonly message: MessageToApply;
  readonly id: string;
}

/** Why the source could not be asked, as far as people have to know. */
interface Obstacle {
  readonly code: ErrorCode;
  readonly reason: string;
}

/**
 * Asks a message's source what it is about, and makes of the message what the answer says. When the
 * source may answer later, the message is tried again; when it will not, the message counts by what
 * it says itself, or is failed with the reason.
 * @returns the error that may pass, so that others need not ask the same source now; else null
 */
export async function fetchMessage(
  deps: InboxDeps,
  toFetch: MessageToFetch,
): Promise<SourceApiError | null> {
  const { message, id, row } = toFetch;
  try {
    const api = openSourceApi(deps, message.connection);
    const report = await api.getBooking(id);
    await (report === null ? applyUnknown(deps, toFetch) : applyReport(deps, message, report));
    return null;
  } catch (error) {
    const isPassing = error instanceof SourceApiError && error.mayPass;
    const age = deps.clock.now().getTime() - row.received_at.getTime();
    if (isPassing && age < PATIENCE) {
      await postpone(deps, row, error);
      return error;
    }
    const obstacle = obstacleOf(error, toFetch);
    if (obstacle === null) throw error;
    await applyWithout(deps, message, obstacle);
    return isPassing ? error : null;
  }
}

/** Leaves a message for later: as long as the source wants, and never less than the usual wait. */
export async function postpone(
  { db, clock }: Pick<InboxDeps, "db" | "clock">,
  row: ClaimedMessage,
  error: SourceApiError,
): Promise<void> {
  const now = clock.now();
  const usual = retryAt(row.attempts, now).getTime();
  const wanted = now.getTime() + (error.retryAfterSeconds ?? 0) * 1000;
  const changes = {
    attempts: Math.min(row.attempts, COUNTED_ATTEMPTS),
    next_attempt_at: new Date(Math.max(usual, wanted)),
    error_code: error.code,
    error: `its source was asked in vain, and is asked again: ${error.message}`,
  };
  await db.transaction(system, (tx) => messageQueue.settle(tx, row, changes));
}

async function applyReport(
  deps: InboxDeps,
  { connection, draft, interpretation }: MessageToApply,
  { change: told, named }: ReportedBooking,
): Promise<void> {
  const { trigger } = interpretation;
  const change = capChange(told, deps.clock.now());
  const summary = describeChange(change);
  await applyUnderstood(deps, {
    connection,
    draft: { ...draft, trigger, summary },
    interpretation: {
      outcome: "change",
      trigger: trigger ?? "",
      change,
      summary,
      ...(named === undefined ? {} : { named }),
    },
  });
}

/** The source knows no such booking: what the message itself says counts, or nothing does. */
async function applyUnknown(deps: InboxDeps, { message, id }: MessageToFetch): Promise<void> {
  const { interpretation, draft } = message;
  if (interpretation.outcome === "change") {
    await applyUnderstood(deps, message);
    return;
  }
  const { trigger } = interpretation;
  const reason = `its source knows no booking ${id}`;
  await applyUnderstood(deps, {
    ...message,
    draft: { ...draft, summary: `${draft.summary}: ${reason}` },
    interpretation: { outcome: "ignored", trigger, reason },
  });
}

/** @returns null for an error that has nothing to do with the source */
function obstacleOf(error: unknown, { message }: MessageToFetch): Obstacle | null {
  if (error instanceof SlotwireError && error.code === "E_API_KEY_MISSING") {
    return { code: error.code, reason: error.message };
  }
  if (!(error instanceof SourceApiError)) return null;
  const { name } = message.connection;
  return { code: error.code, reason: `${name} was asked about it in vain: ${error.message}` };
}

async function applyWithout(
  deps: InboxDeps,
  message: MessageToApply,
  { code, reason }: Obstacle,
): Promise<void> {
  const { interpretation, draft } = message;
  if (interpretation.outcome === "change") {
    const unknown = `Only what the message itself says is known. ${reason}`;
    const warning = draft.warning === null ? unknown : `${draft.warning} ${unknown}`;
    await applyUnderstood(deps, { ...message, draft: { ...draft, warning } });
    return;
  }
  const { trigger } = interpretation;
  await applyUnderstood(deps, {
    ...message,
    interpretation: { outcome: "failed", trigger, code, reason },
  });
}
