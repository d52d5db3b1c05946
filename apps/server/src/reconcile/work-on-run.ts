import { tenant } from "../db/database.ts";
import { loggableError } from "../db/loggable-error.ts";
import { SourceApiError } from "../connectors/source-api-error.ts";
import { type ErrorCode, SlotwireError } from "../errors.ts";
import { openSourceApi } from "../inbox/connections/open-source-api.ts";
import type { Reconciling } from "./reconcile-bookings.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";
import { runQueue } from "./run-queue.ts";
import type { ClaimedRun } from "./run-row.ts";
import { takeStep } from "./steps.ts";
import { forgetSeen, writeStep } from "./write-step.ts";

/** How often in a row a source may fail to answer. */
const MAX_FAILURES = 6;
/** A source that sets a pace is asked for longer: it answers. */
const MAX_LIMITED = 30;
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 15 * 60_000;
/** What a source that does not say is left alone for. */
const LIMITED_WAIT = 60_000;

/**
 * Works on a claimed run, step by step, until it is over, has to wait, or somebody stops it. Every
 * step is written before the next one begins, so that a run goes on where it was, whatever
 * happens to the process. What fails in the middle leaves what was put right as it is, and takes
 * nothing for absent.
 * @param isStopping the process wants to end: the run is given back
 */
export async function workOnRun(
  deps: ReconcileDeps,
  claimed: ClaimedRun,
  isStopping: () => boolean,
): Promise<void> {
  let run = claimed;
  try {
    const begun = await begin(deps, run);
    if (begun === null) return;
    run = begun;
    const work = await openWork(deps, run);
    while (!isStopping()) {
      if (run.cancel_requested_at !== null) return await end(deps, run, { status: "cancelled" });
      const step = await takeStep(work, run);
      const now = deps.clock.now();
      const moved = await writeStep(deps, run, step, now);
      deps.wake.signal("reconciles");
      // Another process has the run, or it is over.
      if (moved === null || step.next === null) return;
      run = moved;
    }
    await deps.db.transaction(tenant(run.org_id), (tx) => runQueue.release(tx, run));
  } catch (error) {
    await settleError(deps, run, error);
  }
}

/**
 * Marks a run as begun. A connection has one at a time, which the index says to whoever is late.
 * @returns null when another run of the connection was faster
 */
async function begin({ db, clock }: ReconcileDeps, run: ClaimedRun): Promise<ClaimedRun | null> {
  if (run.status === "running") return run;
  return db.transaction(tenant(run.org_id), async (tx) => {
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 3))", [run.connection_id]);
    const [begun] = await tx.query<{ status: "running"; started_at: Date }>(
      `UPDATE reconcile_run SET status = 'running', started_at = $4
        WHERE org_id = $1 AND id = $2 AND lease_token = $3 AND NOT EXISTS (
          SELECT FROM reconcile_run other WHERE other.org_id = $1
             AND other.connection_id = $5 AND other.status = 'running')
        RETURNING status, started_at`,
      [run.org_id, run.id, run.lease_token, clock.now(), run.connection_id],
    );
    if (begun === undefined) await runQueue.release(tx, run);
    return begun === undefined ? null : { ...run, ...begun };
  });
}

/** @throws SlotwireError E_NOT_FOUND, E_API_KEY_MISSING */
async function openWork(deps: ReconcileDeps, run: ClaimedRun): Promise<Reconciling> {
  const connection = await deps.connections.find({ id: run.connection_id }, { fresh: true });
  if (connection === null || connection.status === "removed") {
    throw new SlotwireError("E_NOT_FOUND", { detail: "The connection was removed." });
  }
  return { deps, connection, api: openSourceApi(deps, connection), dryRun: run.dry_run };
}

interface End {
  readonly status: "failed" | "cancelled";
  readonly code?: string;
  readonly error?: string;
}

async function end(
  { db, clock, wake }: ReconcileDeps,
  run: ClaimedRun,
  { status, code, error }: End,
): Promise<void> {
  const changes = {
    status,
    error_code: code ?? null,
    error: error ?? null,
    finished_at: clock.now(),
    next_attempt_at: null,
  };
  await db.transaction(tenant(run.org_id), async (tx) => {
    if (await runQueue.settle(tx, run, changes)) await forgetSeen(tx, run);
  });
  wake.signal("reconciles");
}

async function settleError(deps: ReconcileDeps, run: ClaimedRun, error: unknown): Promise<void> {
  if (error instanceof SourceApiError) return settleSourceError(deps, run, error);
  if (error instanceof SlotwireError) {
    return end(deps, run, { status: "failed", code: error.code, error: error.message });
  }
  const about = { run: run.id, connection: run.connection_id };
  deps.log.error({ ...about, err: loggableError(error) }, "a comparison could not go on");
  const wait = waitAfter(run.failures);
  await waitOrEnd(deps, run, {
    code: "E_INTERNAL",
    error: "It is tried again.",
    wait,
    most: MAX_FAILURES,
  });
}

async function settleSourceError(
  deps: ReconcileDeps,
  run: ClaimedRun,
  failure: SourceApiError,
): Promise<void> {
  const { code } = failure;
  const error = failure.describe(await sourceNameOf(deps, run));
  if (!failure.mayPass) return end(deps, run, { status: "failed", code, error });
  const isLimited = failure.problem === "rate_limited";
  const asked = failure.retryAfterSeconds === null ? null : failure.retryAfterSeconds * 1000;
  const wait = asked ?? (isLimited ? LIMITED_WAIT : waitAfter(run.failures));
  const most = isLimited ? MAX_LIMITED : MAX_FAILURES;
  return waitOrEnd(deps, run, { code, error, wait, most });
}

async function sourceNameOf(deps: ReconcileDeps, run: ClaimedRun): Promise<string> {
  const connection = await deps.connections.find({ id: run.connection_id });
  const label = deps.connectors.get(connection?.kind ?? "")?.label;
  return label ?? connection?.name ?? "The source";
}

const waitAfter = (failures: number): number => Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);

async function waitOrEnd(
  deps: ReconcileDeps,
  run: ClaimedRun,
  { code, error, wait, most }: { code: ErrorCode; error: string; wait: number; most: number },
): Promise<void> {
  const failures = run.failures + 1;
  if (failures >= most) return end(deps, run, { status: "failed", code, error });
  const { db, clock, wake } = deps;
  await db.transaction(tenant(run.org_id), (tx) =>
    runQueue.settle(tx, run, {
      failures,
      attempts: 0,
      error_code: code,
      error,
      next_attempt_at: new Date(clock.now().getTime() + wait),
    }),
  );
  wake.signal("reconciles");
}
