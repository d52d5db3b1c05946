import type { SlotwireClient } from "@slotwire/client";
import type { BookingResource, CommandResource } from "@slotwire/contract";
import { isOpen } from "../status-change/is-open.ts";
import { listUnlessForbidden } from "../unless-forbidden.ts";

/** What `DayBoard` shows. */
export interface DayBookings {
  readonly bookings: readonly BookingResource[];
  /** What the sources are asked for, and of what was asked here also what they refused. */
  readonly commands: readonly CommandResource[];
}

const PAGE = 200;

/**
 * Reads what sources are asked for.
 * @param asked ids of the commands that came from this board
 */
export async function readCommands(
  client: SlotwireClient,
  asked: readonly string[],
): Promise<readonly CommandResource[]> {
  const open = await listUnlessForbidden(client.commands.list({ status: "open", limit: PAGE }));
  const settled = await Promise.all(
    asked
      .filter((id) => open.every((command) => command.id !== id))
      .map((id) => client.commands.get(id)),
  );
  // What was asked after a refusal goes before it.
  const last = new Map([...settled, ...open].map((command) => [command.booking_id, command]));
  return [...last.values()].filter(
    (command) => isOpen(command) || command.status === "refused" || command.status === "expired",
  );
}
