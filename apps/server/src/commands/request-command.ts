import { createHash } from "node:crypto";
import type { BookingResource, CommandResource } from "@slotwire/contract";
import { recordAudit } from "../access/record-audit.ts";
import { tenant, type Transaction } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { SlotwireError } from "../errors.ts";
import type { HubCaller } from "../ledger/hub-change.ts";
import type { CommandDeps } from "./command-deps.ts";
import { type CommandRow, selectCommands, toCommand } from "./command-row.ts";
import { TRY_FOR } from "./patience.ts";
import type { Wish } from "./wish.ts";

/** Who asks, and whether they asked before. */
export interface CommandCaller extends HubCaller {
  /** Makes a repeated request ask nothing; null when the caller does not care. */
  readonly idempotencyKey: string | null;
}

/** What is asked of which booking, of whom. */
export interface CommandRequest {
  readonly booking: BookingResource;
  readonly connectionId: string;
  readonly wish: Wish;
  readonly reason: string | null;
}

/** A command, and whether an earlier request had asked for it. */
export interface RequestedNow {
  readonly command: CommandResource;
  readonly replayed: boolean;
}

/** Two that were on their way may be settled while one looks. */
const MAX_LOOKS = 3;

/**
 * Stores what somebody wants of a booking that a source owns; a worker asks the source.
 * @throws SlotwireError E_COMMAND_OPEN with the `command` that is on its way
 */
export async function requestCommand(
  deps: CommandDeps,
  caller: CommandCaller,
  request: CommandRequest,
): Promise<RequestedNow> {
  const { orgId, own, detail } = caller.view;
  const shown = (row: CommandRow): CommandResource => toCommand(row, deps.connectors, detail);
  for (let look = 1; ; look += 1) {
    const { made, row } = await deps.db.transaction(tenant(orgId, own), async (tx) => {
      const id = await insert(deps, tx, caller, request);
      const [found] =
        id === null
          ? await selectCommands(tx, `c.booking_id = $2 AND ${open}`, [orgId, request.booking.id])
          : await selectCommands(tx, "c.id = $2", [orgId, id]);
      return { made: id !== null, row: found };
    });
    if (made && row !== undefined) {
      deps.wake.signal("commands");
      return { command: shown(row), replayed: false };
    }
    if (row !== undefined) return { command: sameOrRefuse(row, request, shown), replayed: true };
    if (look === MAX_LOOKS) throw new SlotwireError("E_CONFLICT");
  }
}

const open = "c.status IN ('queued', 'sending', 'accepted')";

/**
 * The command that an earlier request with the same key asked for; null when there was none.
 * @throws SlotwireError E_IDEMPOTENCY_KEY when the key was used for something else
 */
export async function findReplay(
  deps: CommandDeps,
  caller: CommandCaller,
  bookingId: string,
  wish: Wish | null,
): Promise<CommandResource | null> {
  const { idempotencyKey, view } = caller;
  if (idempotencyKey === null) return null;
  const [row] = await deps.db.transaction(tenant(view.orgId, view.own), (tx) =>
    selectCommands(tx, "c.idempotency_key = $2", [view.orgId, keyOf(caller, idempotencyKey)]),
  );
  if (row === undefined) return null;
  if (row.booking_id !== bookingId || (wish !== null && !isSameWish(row, wish))) {
    throw new SlotwireError("E_IDEMPOTENCY_KEY");
  }
  return toCommand(row, deps.connectors, view.detail);
}

async function insert(
  { clock }: CommandDeps,
  tx: Transaction,
  caller: CommandCaller,
  { booking, connectionId, wish, reason }: CommandRequest,
): Promise<string | null> {
  const { view, actor, idempotencyKey, origin } = caller;
  const id = uuid7();
  const now = clock.now();
  const from = wish.kind === "reschedule" ? { from_starts_at: booking.starts_at } : {};
  const rows = await tx.query(
    `INSERT INTO command (org_id, id, booking_id, connection_id, kind, payload, reason,
         expected_version, idempotency_key, requested_by_kind, requested_by_id,
         requested_by_name, next_attempt_at, expires_at, created_at)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12, $13, $14, $13)
       ON CONFLICT DO NOTHING RETURNING 1`,
    [
      view.orgId,
      id,
      booking.id,
      connectionId,
      wish.kind,
      JSON.stringify({ ...wish.payload, ...from }),
      reason,
      booking.version,
      idempotencyKey === null ? id : keyOf(caller, idempotencyKey),
      actor.kind === "user" ? "user" : "api_key",
      actor.id,
      actor.name,
      now,
      new Date(now.getTime() + TRY_FOR),
    ],
  );
  if (rows.length === 0) return null;
  await recordAudit(tx, {
    orgId: view.orgId,
    actor: {
      kind: actor.kind === "user" ? "user" : "api_key",
      id: actor.id,
      name: actor.name ?? "",
    },
    origin: origin ?? { address: null, userAgent: null, requestId: null },
    at: now,
    action: "command.requested",
    entityId: id,
    entityName: `#${booking.booking_number}`,
    new: { kind: wish.kind, ...wish.payload },
  });
  return id;
}

/** The same again is the same; anything else has to wait for the first. */
function sameOrRefuse(
  row: CommandRow,
  { wish }: CommandRequest,
  shown: (row: CommandRow) => CommandResource,
): CommandResource {
  if (isSameWish(row, wish)) return shown(row);
  throw new SlotwireError("E_COMMAND_OPEN", { extra: { command: shown(row) } });
}

function isSameWish({ kind, payload }: CommandRow, wish: Wish): boolean {
  return (
    kind === wish.kind &&
    Object.entries(wish.payload).every(
      ([name, value]) => payload[name as keyof CommandRow["payload"]] === value,
    )
  );
}

/** One asker's keys are no other's. */
function keyOf({ actor }: CommandCaller, key: string): string {
  return createHash("sha256")
    .update(JSON.stringify([actor.kind, actor.id, key]))
    .digest("hex");
}
