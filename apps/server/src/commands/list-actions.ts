import {
  type BookingActions,
  type BookingResource,
  bookingStatuses,
  commandKinds,
} from "@slotwire/contract";
import type { Actor } from "../domain/booking.ts";
import { isAllowed, isStepOfTheDay } from "../domain/transitions.ts";
import type { View } from "../domain/views/view.ts";
import { readBooking } from "../ledger/read-booking.ts";
import type { CommandDeps } from "./command-deps.ts";
import { type Asking, contextOf, obstacleTo } from "./obstacle.ts";
import { type Wish, wishOfStatus } from "./wish.ts";
import { findWriteBack, type WriteBack } from "./write-back.ts";

/**
 * What somebody may do with a booking now: at once, or by asking the source that owns it.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function listActions(
  deps: CommandDeps,
  { view, actor }: { readonly view: View; readonly actor: Actor },
  bookingId: string,
): Promise<BookingActions> {
  const booking = await readBooking(deps, view, bookingId);
  const owner = booking.owner_connection_id;
  const asking = { mayCorrect: actor.mayCorrect, now: deps.clock.now() };
  if (owner === null) {
    return {
      source: null,
      write_back: "hub",
      actions: possible(booking, asking, commandKinds),
      statuses: statusesOf(booking, asking, null),
    };
  }
  const back = await findWriteBack(deps, owner);
  const { state, sourceName, commands } = back;
  return {
    source: { connection_id: owner, name: sourceName },
    write_back: state,
    actions: state === "available" ? possible(booking, asking, commands) : [],
    statuses: statusesOf(booking, asking, back),
  };
}

/** @param back of the source that owns it; null when the hub does */
function statusesOf(
  booking: BookingResource,
  asking: Asking,
  back: WriteBack | null,
): BookingActions["statuses"] {
  const { status: from, deleted_at: deletedAt } = booking;
  if (deletedAt !== null) return [];
  return bookingStatuses
    .filter((to) => to !== from)
    .flatMap((to): BookingActions["statuses"] => {
      const wish = back === null ? null : wishOfStatus(from, to);
      if (wish === null) {
        const isHubs = back === null || isStepOfTheDay(from, to);
        const isPossible = isHubs && isAllowed(from, to, contextOf(booking, asking));
        return isPossible ? [{ status: to, by: "hub" }] : [];
      }
      const canAsk = back?.state === "available" && back.commands.includes(wish.kind);
      return canAsk && obstacleTo(wish, booking, asking) === null
        ? [{ status: to, by: "source" }]
        : [];
    });
}

function possible(
  booking: BookingResource,
  asking: Asking,
  kinds: readonly (typeof commandKinds)[number][],
): BookingActions["actions"] {
  if (booking.deleted_at !== null) return [];
  return commandKinds.filter((kind) => {
    if (!kinds.includes(kind) || isDone(kind, booking)) return false;
    return obstacleTo(exampleOf(kind), booking, asking) === null;
  });
}

function isDone(kind: Wish["kind"], { status }: BookingResource): boolean {
  if (kind === "confirm") return status !== "pending";
  const done = { cancel: "cancelled", reject: "rejected", no_show: "no_show", reschedule: null };
  return done[kind] === status;
}

/** A wish of this kind; where a booking is moved to does not matter here. */
function exampleOf(kind: Wish["kind"]): Wish {
  if (kind === "no_show") return { kind, payload: { absent: true } };
  if (kind === "reschedule") return { kind, payload: { starts_at: "", ends_at: "" } };
  return { kind, payload: {} };
}
