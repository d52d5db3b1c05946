import { Temporal } from "temporal-polyfill";
import { TIME_ZONE } from "./calcom-bodies.ts";
import type { Groomer } from "./demo-people.ts";
import { oneOf, type Random } from "./seeded-random.ts";
import type { Visit } from "./visit.ts";

/** Local hours between which the salon works. */
const OPENS = 8;
const CLOSES = 18;
/** Visits begin on the quarter. */
const GRID_MINUTES = 15;

export type Slot = Pick<Visit, "startsAt" | "endsAt">;

/** What is looked for: a time of one groomer on one day. */
export interface Wanted {
  /** ISO 8601 date in the salon's zone. */
  readonly date: string;
  readonly groomer: Groomer;
  readonly minutes: number;
  /** Nothing before this instant, UTC; any time of the day unless given. */
  readonly after?: Date;
}

/** The date at the salon, as ISO 8601, `days` after the one at this instant. */
export function salonDate(instant: Date, days = 0): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(TIME_ZONE)
    .toPlainDate()
    .add({ days })
    .toString();
}

/** Any time at which the groomer is free, or null when the day is full or over. */
export function findSlot(random: Random, visits: readonly Visit[], wanted: Wanted): Slot | null {
  const taken = visits.filter((visit) => takesTime(visit) && visit.groomer === wanted.groomer);
  const earliest = wanted.after?.toISOString() ?? "";
  const free = slotsOf(wanted).filter(
    (slot) =>
      slot.startsAt > earliest &&
      !taken.some((visit) => slot.startsAt < visit.endsAt && visit.startsAt < slot.endsAt),
  );
  return oneOf(random, free) ?? null;
}

function takesTime({ status }: Visit): boolean {
  return status !== "cancelled" && status !== "rejected";
}

function slotsOf({ date, minutes }: Wanted): Slot[] {
  const day = Temporal.PlainDate.from(date);
  const at = (hour: number): number =>
    day.toZonedDateTime({ timeZone: TIME_ZONE, plainTime: Temporal.PlainTime.from({ hour }) })
      .epochMilliseconds;
  const length = minutes * 60_000;
  const slots: Slot[] = [];
  for (let start = at(OPENS); start + length <= at(CLOSES); start += GRID_MINUTES * 60_000) {
    slots.push({
      startsAt: new Date(start).toISOString(),
      endsAt: new Date(start + length).toISOString(),
    });
  }
  return slots;
}
