import { wireNames } from "./booking-differences.ts";
import { isPersonSlot, type Slot } from "./merge.ts";

/** All members of a booking. */
export const EVERYTHING = "*";

/**
 * Whether a part of a booking was decided after a word was first heard that is heard again. At equal
 * times the order in which messages were decided counts, and hearing one again does not change it.
 * @param settled members by their names on the wire
 */
export function isSettled(settled: readonly string[] | undefined, slot: Slot): boolean {
  if (settled === undefined) return false;
  return settled.includes(EVERYTHING) || membersOf(slot).some((name) => settled.includes(name));
}

function membersOf(slot: Slot): readonly string[] {
  if (slot === "times") return [wireNames.startsAt, wireNames.endsAt];
  if (slot === "status") return [wireNames.status, wireNames.statusReason, wireNames.cancelledBy];
  if (slot.startsWith("metadata.")) return [wireNames.metadata];
  if (isPersonSlot(slot)) return [wireNames.attendees];
  return Object.entries(wireNames).flatMap(([key, name]) => (key === slot ? [name] : []));
}
