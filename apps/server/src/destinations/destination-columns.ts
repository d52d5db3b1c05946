import type { DestinationResource, UpdateDestination } from "@slotwire/contract";
import type { SecretBox } from "../db/secret-box.ts";
import { profiles } from "./profiles/profiles.ts";
import type { WholeDestination } from "./with-defaults.ts";

/** Waits twice as long each time, from a second to about two minutes: seconds before each attempt. */
const exponentialSchedule: readonly number[] = [0, 1, 2, 4, 8, 16, 32, 64, 128];

/** A schedule as its column keeps it: null is the hub's own. */
function scheduleColumn(schedule: DestinationResource["retry_schedule"]): number[] | null {
  if (schedule === "default") return null;
  return schedule === "exponential" ? [...exponentialSchedule] : schedule;
}

/** A schedule as people name it. */
export function scheduleOf(column: number[] | null): DestinationResource["retry_schedule"] {
  if (column === null) return "default";
  return column.join() === exponentialSchedule.join() ? "exponential" : column;
}

/** The columns that carry a receiver's own key, in the header where its profile's kind looks. */
export function keyColumns(
  secretBox: SecretBox,
  profile: DestinationResource["profile"],
  key: string | null,
): { auth_header: string | null; auth_value_sealed: Uint8Array | null } {
  if (key === null) return { auth_header: null, auth_value_sealed: null };
  const { name, value } = profiles[profile].keyHeader(key);
  return { auth_header: name, auth_value_sealed: secretBox.seal(value) };
}

/** What people set of a new destination, as columns. */
export function settingColumns(input: Omit<WholeDestination, "profile" | "key">) {
  const { filter, retry_schedule: schedule, ...same } = input;
  return {
    ...same,
    filter: filter === null ? null : JSON.stringify(filter),
    retry_schedule: scheduleColumn(schedule),
  };
}

/** The columns that a change is about. */
export function changedColumns(input: Omit<UpdateDestination, "key">) {
  const { filter, retry_schedule: schedule, ...same } = input;
  const given = Object.entries(same).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as typeof same),
    ...(filter === undefined ? {} : { filter: filter === null ? null : JSON.stringify(filter) }),
    ...(schedule === undefined ? {} : { retry_schedule: scheduleColumn(schedule) }),
  };
}
