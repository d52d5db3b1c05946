import { system } from "../db/database.ts";
import { loggableError } from "../db/loggable-error.ts";
import { SlotwireError } from "../errors.ts";
import { applyMessage } from "./apply-message.ts";
import type { ConnectionDirectory } from "./connections/connection-directory.ts";
import { draftMessage } from "./draft-message.ts";
import type { InboxDeps } from "./inbox-deps.ts";
import { type ClaimedMessage, messageQueue, retryAt } from "./message-queue.ts";
import { understandMessage } from "./understand-message.ts";

const BATCH = 20;
/** Each message takes milliseconds; a lease that ends belongs to a worker that is no more. */
const LEASE_SECONDS = 60;

/**
 * Processes the messages that are due: those whose booking has arrived by now, and those that met
 * an error. Each is understood again from its raw body, so that a fix serves them too.
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
  for (const row of rows) await processOne(deps, directory, row);
  return rows.length;
}

async function processOne(
  deps: InboxDeps,
  directory: ConnectionDirectory,
  row: ClaimedMessage,
): Promise<void> {
  try {
    await applyAgain(deps, directory, row);
  } catch (error) {
    const about = { message: row.id, attempts: row.attempts };
    deps.log.error({ ...about, err: loggableError(error) }, "a message could not be processed");
    const changes = { next_attempt_at: retryAt(row.attempts, deps.clock.now()) };
    await deps.db.transaction(system, (tx) => messageQueue.settle(tx, row, changes));
  }
}

async function applyAgain(
  deps: InboxDeps,
  directory: ConnectionDirectory,
  row: ClaimedMessage,
): Promise<void> {
  const connection = await directory.find({ id: row.connection_id });
  const connector = connection === null ? undefined : deps.connectors.get(connection.kind);
  if (connection === null || connector === undefined)
    throw new SlotwireError("E_CONNECTION_UNKNOWN");
  const raw = { body: Buffer.from(row.body), headers: row.headers, receivedAt: row.received_at };
  const interpretation = understandMessage(connector, connection, raw, deps.log);
  const draft = {
    ...draftMessage(connection.id, connector, raw, interpretation, null),
    id: row.id,
  };
  await applyMessage(deps, { connection, draft, interpretation });
}
