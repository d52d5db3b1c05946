import { createQueue, type Lease } from "../../db/claim.ts";
import { system, tenant } from "../../db/database.ts";
import { loggableError } from "../../db/loggable-error.ts";
import { applyMessage } from "../apply-message.ts";
import type { ConnectionDirectory } from "../connections/connection-directory.ts";
import { draftMessage } from "../draft-message.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { type KeptMessage, keptColumns } from "./kept-message.ts";
import { readAgain } from "./read-again.ts";

/** So many messages of a job are processed before others have their turn. */
const BATCH = 20;
const LEASE_SECONDS = 120;

interface JobRow {
  readonly org_id: string;
  readonly id: string;
}

const jobQueue = createQueue<JobRow>({
  table: "reprocess_job",
  key: ["org_id", "id"],
  columns: [],
  waiting: "due.status IN ('queued', 'running')",
  dueAt: "next_attempt_at",
  maxAttempts: 5,
  giveUp: (_row, now) => ({ status: "failed", finished_at: now }),
});

/**
 * Processes the next messages of a job that is due, each on the ordinary way of a message: nothing
 * happens twice, and what was overtaken stays so.
 * @returns how many were processed
 */
export async function workOnReprocess(
  deps: InboxDeps,
  directory: ConnectionDirectory,
): Promise<number> {
  const { db, clock } = deps;
  const now = clock.now();
  const [job] = await db.transaction(system, async (tx) => {
    const claimed = await jobQueue.claim(tx, { limit: 1, leaseSeconds: LEASE_SECONDS, now });
    for (const { org_id, id } of claimed) {
      await tx.query(
        `UPDATE reprocess_job SET status = 'running', started_at = coalesce(started_at, $3)
          WHERE org_id = $1 AND id = $2`,
        [org_id, id, now],
      );
    }
    return claimed;
  });
  if (job === undefined) return 0;
  const items = await nextItems(deps, job);
  let done = 0;
  for (const item of items) {
    if (!(await isHeld(deps, job))) return done;
    const result = await processItem(deps, directory, job, item);
    await writeResult(deps, job, item, result);
    done += 1;
  }
  const isOver = items.length < BATCH;
  await db.transaction(system, (tx) =>
    isOver
      ? jobQueue.settle(tx, job, { status: "done", finished_at: clock.now() })
      : jobQueue.release(tx, job),
  );
  return done;
}

type Item = KeptMessage & { readonly no: number };

function nextItems({ db }: InboxDeps, { org_id, id }: JobRow): Promise<Item[]> {
  return db.transaction(tenant(org_id), (tx) =>
    tx.query<Item>(
      `SELECT i.no, ${keptColumns}
         FROM reprocess_item i
         JOIN inbound_message m ON m.org_id = i.org_id AND m.id = i.message_id
        WHERE i.org_id = $1 AND i.job_id = $2 AND i.done_at IS NULL
        ORDER BY i.no LIMIT ${BATCH}`,
      [org_id, id],
    ),
  );
}

/** Whether nobody has cancelled the job, nor taken it over. */
async function isHeld({ db }: InboxDeps, job: JobRow & Lease): Promise<boolean> {
  const rows = await db.transaction(system, (tx) =>
    tx.query(
      `SELECT FROM reprocess_job WHERE org_id = $1 AND id = $2 AND lease_token = $3
          AND status = 'running'`,
      [job.org_id, job.id, job.lease_token],
    ),
  );
  return rows.length > 0;
}

interface Result {
  readonly action: string;
  readonly reason: string | null;
}

async function processItem(
  deps: InboxDeps,
  directory: ConnectionDirectory,
  job: JobRow,
  message: Item,
): Promise<Result> {
  try {
    return await applyKept(deps, directory, message);
  } catch (error) {
    const about = { message: message.id, job: job.id };
    deps.log.error({ ...about, err: loggableError(error) }, "a message could not be reprocessed");
    return { action: "failed", reason: "something went wrong inside the hub" };
  }
}

async function applyKept(
  deps: InboxDeps,
  directory: ConnectionDirectory,
  message: Item,
): Promise<Result> {
  const reading = await readAgain(deps, directory, message);
  if ("unavailable" in reading) return { action: "unavailable", reason: reading.unavailable };
  const { connection, connector, raw, interpretation } = reading;
  const drafted = draftMessage(connection.id, connector, raw, interpretation, null, message.id);
  const draft = { ...drafted, again: true };
  const { receipt } = await applyMessage(deps, { connection, draft, interpretation });
  const stored = { change: "waiting", fetch: "fetch", ignored: "ignored", failed: "failed" };
  return {
    action: receipt.action === "stored" ? stored[interpretation.outcome] : receipt.action,
    reason: receipt.reason ?? null,
  };
}

async function writeResult(
  { db, clock }: InboxDeps,
  { org_id, id }: JobRow,
  { no }: Item,
  { action, reason }: Result,
): Promise<void> {
  await db.transaction(tenant(org_id), (tx) =>
    tx.query(
      `UPDATE reprocess_item SET action = $4, reason = $5, done_at = $6
        WHERE org_id = $1 AND job_id = $2 AND no = $3`,
      [org_id, id, no, action, reason, clock.now()],
    ),
  );
}
