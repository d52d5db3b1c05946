import type { SourceApiError } from "../connectors/source-api-error.ts";
import { system } from "../db/database.ts";
import { loggableError } from "../db/loggable-error.ts";
import { SlotwireError } from "../errors.ts";
import { applyUnderstood, idToAskFor, type MessageToApply } from "./apply-message.ts";
import type { ConnectionDirectory } from "./connections/connection-directory.ts";
import { draftMessage } from "./draft-message.ts";
import { fetchMessage, type MessageToFetch, postpone } from "./fetch-message.ts";
import type { InboxDeps } from "./inbox-deps.ts";
import { type ClaimedMessage, messageQueue, retryAt } from "./message-queue.ts";
import { understandMessage } from "./understand-message.ts";

const BATCH = 20;
/** Each message takes milliseconds; a lease that ends belongs to a worker that is no more. */
const LEASE_SECONDS = 60;
/** From then on no source is asked any more in a round: what it takes must end within the lease. */
const ASKING_SECONDS = 25;

/**
 * Processes the messages that are due: those whose booking has arrived by now, those that met an
 * error, and those whose source is to be asked. Each is understood again from its raw body, so
 * that a fix serves them too.
 * @returns how many were claimed
 */
export async function processMessages(
  deps: InboxDeps,
  directory: ConnectionDirectory,
): Promise<number> {
  const { db, clock } = deps;
  const rows = await db.transaction(system, (tx) =>
    messageQueue.claim(tx, { limit: BATCH, leaseSeconds: LEASE_SECONDS, now: clock.now() }),
  );
  const toFetch = new Map<string, MessageToFetch[]>();
  for (const row of rows) {
    const message = await guarded(deps, row, () => processOne(deps, directory, row));
    if (message == null) continue;
    const { connection_id: connection } = row;
    toFetch.set(connection, [...(toFetch.get(connection) ?? []), message]);
  }
  const until = performance.now() + ASKING_SECONDS * 1000;
  await Promise.all([...toFetch.values()].map((messages) => askInTurn(deps, messages, until)));
  return rows.length;
}

/** An unexpected error leaves the message for later. */
async function guarded<Result>(
  { db, clock, log }: InboxDeps,
  row: ClaimedMessage,
  work: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    const about = { message: row.id, attempts: row.attempts };
    log.error({ ...about, err: loggableError(error) }, "a message could not be processed");
    const changes = { next_attempt_at: retryAt(row.attempts, clock.now()) };
    await db.transaction(system, (tx) => messageQueue.settle(tx, row, changes));
    return null;
  }
}

/** @returns a message whose source has to be asked first; null when it has been dealt with */
async function processOne(
  deps: InboxDeps,
  directory: ConnectionDirectory,
  row: ClaimedMessage,
): Promise<MessageToFetch | null> {
  const message = await understandAgain(deps, directory, row);
  const id = idToAskFor(message);
  if (id !== null) return { row, message, id };
  await applyUnderstood(deps, message);
  return null;
}

async function understandAgain(
  deps: InboxDeps,
  directory: ConnectionDirectory,
  row: ClaimedMessage,
): Promise<MessageToApply> {
  const connection = await directory.find({ id: row.connection_id }, { fresh: true });
  const connector = connection === null ? undefined : deps.connectors.get(connection.kind);
  if (connection === null || connector === undefined)
    throw new SlotwireError("E_CONNECTION_UNKNOWN");
  const raw = { body: Buffer.from(row.body), headers: row.headers, receivedAt: row.received_at };
  const interpretation = understandMessage(connector, connection, raw, deps.log);
  const draft = draftMessage(connection.id, connector, raw, interpretation, null, row.id);
  return { connection, draft, interpretation };
}

/**
 * Asks one source about several messages, one after the other: what is asked for later is newer. A
 * source that does not answer is left alone for this round, so that it holds nobody up.
 * @param until when to stop asking, on the clock of `performance.now()`
 */
async function askInTurn(
  deps: InboxDeps,
  messages: readonly MessageToFetch[],
  until: number,
): Promise<void> {
  let trouble: SourceApiError | null = null;
  for (const message of messages) {
    const { row } = message;
    if (trouble !== null) await postpone(deps, row, trouble);
    else if (performance.now() > until) {
      await deps.db.transaction(system, (tx) => messageQueue.release(tx, row));
    } else trouble = await guarded(deps, row, () => fetchMessage(deps, message));
  }
}
