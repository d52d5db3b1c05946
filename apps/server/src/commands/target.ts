import type { BookingResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import type { CommandDeps } from "./command-deps.ts";
import type { DueCommand } from "./command-queue.ts";

/** The booking of a command, as it is now. */
export interface Target {
  readonly booking: BookingResource;
  /** Whether it is as the command wants it. */
  readonly holds: boolean;
  /** The id by which the source knows it now; null when it has none. */
  readonly uid: string | null;
}

/** Reads the booking that a command is about. */
export async function readTarget({ db }: CommandDeps, command: DueCommand): Promise<Target> {
  const [row] = await db.transaction(tenant(command.org_id), (tx) =>
    tx.query<{ booking: BookingResource; holds: boolean }>(
      `SELECT r.booking, command_holds(c.kind, c.payload, r.booking) AS holds
         FROM command c
         JOIN booking b ON b.org_id = c.org_id AND b.id = c.booking_id
        CROSS JOIN LATERAL (SELECT booking_resource(b) AS booking) r
        WHERE c.org_id = $1 AND c.id = $2`,
      [command.org_id, command.id],
    ),
  );
  if (row === undefined) throw new TypeError("a command without a booking");
  const { booking, holds } = row;
  const current = booking.external_refs.filter(
    (ref) =>
      ref.kind === "uid" &&
      ref.connection_id === command.connection_id &&
      ref.superseded_at === null,
  );
  return { booking, holds, uid: current.at(-1)?.external_id ?? null };
}
