import type { BookingEvent, DestinationFilter } from "@slotwire/contract";
import { occupancyOf } from "./occupancy.ts";

type Transitions = NonNullable<DestinationFilter["transitions"]>;

/** What a calendar shows of a booking that takes its slot. */
const shownFields: readonly string[] = ["starts_at", "ends_at", "provider", "location"];

/** Whether what happened to a booking is one of the transitions. Pure. */
export function matchesTransitions(event: BookingEvent, transitions: Transitions): boolean {
  const from = event.old_status ?? "new";
  const to = event.new_status;
  if (transitions === "calendar_affecting") return affectsCalendar(event);
  if (from === to) return false;
  if (transitions === "all") return true;
  const pairs =
    transitions === "confirmed_cancelled"
      ? ([
          { from: "confirmed", to: "cancelled" },
          { from: "cancelled", to: "confirmed" },
        ] as const)
      : transitions;
  return pairs.some(
    (pair) => (pair.from === "*" || pair.from === from) && (pair.to === "*" || pair.to === to),
  );
}

/** A slot is taken, freed or moved, or the booking comes into being or ceases to be. */
function affectsCalendar(event: BookingEvent): boolean {
  const { old_status: before, changed_fields: changed } = event;
  if (event.type === "booking.deleted" || changed.includes("deleted_at")) return true;
  const now = occupancyOf[event.new_status];
  if (now !== (before === null ? "free" : occupancyOf[before])) return true;
  return now !== "free" && changed.some((field) => shownFields.includes(field));
}
