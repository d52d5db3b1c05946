import type { CommandReceipt, SourceApi, SourceCommand } from "../connectors/connector.ts";
import { SourceApiError } from "../connectors/source-api-error.ts";
import type { Changes } from "../db/claim.ts";
import { system } from "../db/database.ts";
import { loggableError } from "../db/loggable-error.ts";
import { SlotwireError } from "../errors.ts";
import { openSourceApi } from "../inbox/connections/open-source-api.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import type { CommandDeps } from "./command-deps.ts";
import { type ClaimedCommand, commandQueue } from "./command-queue.ts";
import { type Look, lookAtSource } from "./look-at-source.ts";
import { obstacleTo } from "./obstacle.ts";
import { accepted, confirmed, expired, failed, type Problem, refused } from "./outcome.ts";
import { AWAIT_FOR, nextLook } from "./patience.ts";
import { recordReport } from "./record-report.ts";
import { readTarget, type Target } from "./target.ts";
import type { Wish } from "./wish.ts";

/**
 * Does what is to be done next about a command under lease, and writes what came of it. Never
 * throws for what the source does; what it does not live to write, the end of the lease repeats.
 */
export async function workCommand(deps: CommandDeps, command: ClaimedCommand): Promise<void> {
  const changes = await outcomeOf(deps, command);
  if (changes === null) return;
  await deps.db.transaction(system, (tx) => commandQueue.settle(tx, command, changes));
}

/** @returns null when somebody settled or withdrew it meanwhile */
async function outcomeOf(deps: CommandDeps, command: ClaimedCommand): Promise<Changes | null> {
  const connection = await deps.connections.find({ id: command.connection_id });
  const closed = closedProblem(connection);
  if (connection === null || closed !== null) {
    return refused(deps.clock.now(), closed ?? unknownConnection);
  }
  const sourceName = deps.connectors.get(connection.kind)?.label ?? connection.name;
  try {
    const api = openSourceApi(deps, connection);
    const look = { connection, api, command };
    return command.status === "accepted"
      ? await awaitEffect(deps, look, sourceName)
      : await bringAbout(deps, look, sourceName);
  } catch (error) {
    if (error instanceof SlotwireError && error.code === "E_API_KEY_MISSING") {
      return refused(deps.clock.now(), { code: error.code, message: error.message });
    }
    if (!(error instanceof SourceApiError)) {
      const about = { command: command.id, attempts: command.attempts };
      deps.log.error({ ...about, err: loggableError(error) }, "a command could not be worked on");
    }
    return failed(command, error, { now: deps.clock.now(), sourceName });
  }
}

const unknownConnection: Problem = {
  code: "E_CONNECTION_UNKNOWN",
  message: "The connection was removed.",
};

function closedProblem(connection: SourceConnection | null): Problem | null {
  if (connection === null || connection.status === "removed") return unknownConnection;
  if (connection.status === "active") return null;
  const message = `The connection “${connection.name}” is paused.`;
  return { code: "E_CONNECTION_PAUSED", message };
}

/** Sends a command, unless it is done already or can no longer be done. */
async function bringAbout(
  deps: CommandDeps,
  look: Look & { readonly command: ClaimedCommand },
  sourceName: string,
): Promise<Changes | null> {
  const { command, api } = look;
  let target = await readTarget(deps, command);
  // An earlier try may have taken effect, and its answer been lost.
  if (!target.holds && command.status === "sending") {
    target = await lookAtSource(deps, look, target);
  }
  const now = deps.clock.now();
  if (target.holds) return confirmed(now);
  if (now >= command.expires_at) return expired(now, tooLate(sourceName));
  const obstacle = obstacleNow(command, target, now);
  if (obstacle !== null) return refused(now, obstacle);
  if (!(await markSending(deps, command))) return null;
  try {
    const receipt = await execute(api, command, target);
    return await afterReceipt(deps, look, receipt);
  } catch (error) {
    if (isTurnedAway(error)) {
      return failed(command, error, { now: deps.clock.now(), sourceName, isTurnedAway: true });
    }
    if (!isNo(error)) throw error;
    // It may say no because it is as it was wanted, or gone: what is so there is so here.
    const after = await lookAtSource(deps, look, target).catch(() => target);
    return after.holds
      ? confirmed(deps.clock.now())
      : failed(command, error, { now: deps.clock.now(), sourceName });
  }
}

const isNo = (error: unknown): boolean =>
  error instanceof SourceApiError && (error.problem === "refused" || error.problem === "not_found");

const isTurnedAway = (error: unknown): boolean =>
  error instanceof SourceApiError && error.problem === "rate_limited";

const tooLate = (sourceName: string): Problem => ({
  code: "E_SOURCE_UNAVAILABLE",
  message: `${sourceName} could not be asked in time. Ask again if it is still wanted.`,
});

/** What has come between since it was asked for. */
function obstacleNow(command: ClaimedCommand, target: Target, now: Date): Problem | null {
  const { booking, uid } = target;
  if (booking.deleted_at !== null || uid === null) {
    return { code: "E_NOT_FOUND", message: "The booking is gone, or its source has no id for it." };
  }
  const { from_starts_at: from } = command.payload;
  if (from !== undefined && Date.parse(from) !== Date.parse(booking.starts_at)) {
    const message = "The booking was moved by somebody else meanwhile. Look at its new time first.";
    return { code: "E_CONFLICT", message };
  }
  // Whether the person may take such steps was asked when they wanted it.
  const error = obstacleTo(wishOf(command), booking, { mayCorrect: true, now });
  return error === null ? null : { code: error.code, message: error.message };
}

function wishOf({ kind, payload }: ClaimedCommand): Wish {
  if (kind === "reschedule") {
    const { starts_at = "", ends_at = "" } = payload;
    return { kind, payload: { starts_at, ends_at } };
  }
  return kind === "no_show"
    ? { kind, payload: { absent: payload.absent ?? true } }
    : { kind, payload: {} };
}

/** From now on it may have taken effect. @returns false when the lease was lost */
function markSending({ db, clock }: CommandDeps, command: ClaimedCommand): Promise<boolean> {
  return db.transaction(system, async (tx) => {
    const rows = await tx.query(
      `UPDATE command SET status = 'sending', sent_at = $4
        WHERE org_id = $1 AND id = $2 AND lease_token = $3 AND status IN ('queued', 'sending')
        RETURNING 1`,
      [command.org_id, command.id, command.lease_token, clock.now()],
    );
    return rows.length > 0;
  });
}

function execute(
  api: SourceApi,
  command: ClaimedCommand,
  { booking, uid }: Target,
): Promise<CommandReceipt> {
  if (api.execute === undefined) throw new SourceApiError("refused", "It takes no commands.");
  const { kind, payload, reason, idempotency_key: idempotencyKey } = command;
  const common = { uid: uid ?? "", idempotencyKey, reason };
  const source = (): SourceCommand => {
    if (kind === "reschedule") {
      const { starts_at: startsAt = "", ends_at: endsAt = "" } = payload;
      return { ...common, kind, startsAt, endsAt };
    }
    if (kind !== "no_show") return { ...common, kind };
    const absent = payload.absent ?? true;
    const emails = booking.attendees
      .filter(({ status }) => status !== "cancelled")
      .flatMap(({ email }) => (email === null ? [] : [email]));
    return { ...common, kind, attendees: emails.map((email) => ({ email, absent })) };
  };
  return api.execute(source());
}

/** What the source answers of the booking is recorded: so the screen is right at once. */
async function afterReceipt(
  deps: CommandDeps,
  { connection, command }: Look,
  { booking: report, uid }: CommandReceipt,
): Promise<Changes> {
  if (report !== null) await recordReport(deps, connection, report);
  const after = await readTarget(deps, command);
  const now = deps.clock.now();
  if (after.holds) return { ...confirmed(now), accepted_at: now, result_uid: uid };
  const until = new Date(now.getTime() + AWAIT_FOR);
  return accepted(now, { look: nextLook(now, until, now), until, uid });
}

/** Looks for the effect of what the source accepted, when no message has told of it. */
async function awaitEffect(
  deps: CommandDeps,
  look: Look & { readonly command: ClaimedCommand },
  sourceName: string,
): Promise<Changes> {
  const { command } = look;
  const target = await readTarget(deps, command);
  const { uid } = target;
  const seen = { ...target, uid: command.result_uid ?? uid };
  const after = target.holds ? target : await lookAtSource(deps, look, seen);
  const now = deps.clock.now();
  if (after.holds) return confirmed(now);
  if (now >= command.expires_at) {
    const there = command.kind === "reschedule" ? "at another time" : after.booking.status;
    const message = `${sourceName} accepted it, but still has the booking ${there}.`;
    return expired(now, { code: "E_SOURCE_REFUSED", message });
  }
  const since = command.accepted_at ?? now;
  return { next_attempt_at: nextLook(since, command.expires_at, now) };
}
