import type { BookingResource, CommandResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { readBooking } from "../ledger/read-booking.ts";
import type { CommandDeps } from "./command-deps.ts";
import { obstacleTo } from "./obstacle.ts";
import {
  type CommandCaller,
  type CommandRequest,
  findReplay,
  requestCommand,
} from "./request-command.ts";
import type { Wish } from "./wish.ts";
import { findWriteBack, requireCommand } from "./write-back.ts";

/** A change that somebody wants of a booking, whoever owns it. */
export interface WantedChange {
  /** What its source would have to do; null when no source does such a thing. */
  readonly wishOf: (booking: BookingResource) => Wish | null;
  readonly reason: string | null;
  /** Makes the change in the hub, as far as the hub may. */
  readonly make: () => Promise<BookingResource>;
}

/** What became of it: it is made, or its source is asked to make it. */
export type ChangeOutcome =
  | { readonly kind: "made"; readonly booking: BookingResource }
  | {
      readonly kind: "asked";
      readonly command: CommandResource;
      readonly booking: BookingResource;
      readonly replayed: boolean;
    };

/**
 * Changes a booking: at once, when the hub owns it or the step is the hub's own; otherwise by a
 * command to the source that owns it.
 * @throws SlotwireError as `recordHubChange`; E_NOT_OWNER with its remedy when the source cannot be
 *   asked; E_COMMAND_OPEN, E_IDEMPOTENCY_KEY
 */
export async function changeBooking(
  deps: CommandDeps,
  caller: CommandCaller,
  bookingId: string,
  { wishOf, reason, make }: WantedChange,
): Promise<ChangeOutcome> {
  const booking = await readBooking(deps, caller.view, bookingId);
  const owner = booking.owner_connection_id;
  if (owner === null || booking.deleted_at !== null) return { kind: "made", booking: await make() };
  const wish = wishOf(booking);
  const earlier = await findReplay(deps, caller, bookingId, wish);
  if (earlier !== null) return { kind: "asked", command: earlier, booking, replayed: true };
  if (wish === null) return { kind: "made", booking: await make() };
  requireVersion(caller, booking);
  requireCommand(await findWriteBack(deps, owner), wish.kind);
  const request = { booking, connectionId: owner, wish, reason };
  if (await holds(deps, caller, request)) return { kind: "made", booking };
  const obstacle = obstacleTo(wish, booking, {
    mayCorrect: caller.actor.mayCorrect,
    now: deps.clock.now(),
  });
  if (obstacle !== null) throw obstacle;
  return { kind: "asked", booking, ...(await requestCommand(deps, caller, request)) };
}

function requireVersion({ expectedVersion }: CommandCaller, { version }: BookingResource): void {
  if (expectedVersion === null || expectedVersion === version) return;
  throw new SlotwireError("E_PRECONDITION", { detail: `The booking is at version ${version}.` });
}

/** Whether the booking is so already, and nothing is on its way that would change it. */
async function holds(
  { db }: CommandDeps,
  { view }: CommandCaller,
  { booking, wish }: CommandRequest,
): Promise<boolean> {
  const [row] = await db.transaction(tenant(view.orgId), (tx) =>
    tx.query<{ holds: boolean }>(
      `SELECT command_holds($2, $3::jsonb, $4::jsonb) AND NOT EXISTS (
                SELECT FROM command c
                 WHERE c.org_id = $1 AND c.booking_id = $5
                   AND c.status IN ('queued', 'sending', 'accepted')) AS holds`,
      [view.orgId, wish.kind, JSON.stringify(wish.payload), JSON.stringify(booking), booking.id],
    ),
  );
  return row?.holds === true;
}
