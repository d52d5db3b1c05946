import type { BookingResource, BookingStatus } from "@slotwire/contract";
import type { SourceCommand } from "../connectors/connector.ts";
import { SlotwireError } from "../errors.ts";
import { timesOf } from "../ledger/times-of.ts";

/*
 * Glossary. A *wish* is what somebody wants of a booking that a source owns. It becomes a *command*
 * when it is stored; the command *holds* when the booking is as it was wanted.
 */

/** What somebody wants of a booking that a source owns. */
export type Wish =
  | {
      readonly kind: "cancel" | "confirm" | "reject";
      readonly payload: Readonly<Record<string, never>>;
    }
  | { readonly kind: "reschedule"; readonly payload: NewTimes }
  /** With `absent: false` the mark is taken away again. */
  | { readonly kind: "no_show"; readonly payload: { readonly absent: boolean } };

/** Instants, RFC 3339 in UTC. */
export interface NewTimes {
  readonly starts_at: string;
  readonly ends_at: string;
}

/**
 * The wish that a step to another state is, where the booking's source would have to make it; null
 * for steps that the hub makes itself or that no source takes.
 */
export function wishOfStatus(from: BookingStatus, to: BookingStatus): Wish | null {
  if (to === "cancelled") return { kind: "cancel", payload: {} };
  if (to === "rejected") return { kind: "reject", payload: {} };
  if (to === "no_show") return { kind: "no_show", payload: { absent: true } };
  if (to !== "confirmed") return null;
  if (from === "pending") return { kind: "confirm", payload: {} };
  return from === "no_show" ? { kind: "no_show", payload: { absent: false } } : null;
}

/**
 * The wish to move a booking.
 * @throws SlotwireError E_TIME_ORDER; E_VALIDATION for another zone, which no source takes
 */
export function wishOfTimes(
  booking: BookingResource,
  times: NewTimes & { readonly time_zone?: string | undefined },
): Wish {
  if (times.time_zone !== undefined && times.time_zone !== booking.time_zone) {
    const message = "The source that owns the booking keeps its zone. Leave it out.";
    throw new SlotwireError("E_VALIDATION", { errors: [{ path: "body.time_zone", message }] });
  }
  const { startsAt, endsAt } = timesOf(times);
  return { kind: "reschedule", payload: { starts_at: startsAt, ends_at: endsAt } };
}

/** The state that a wish leads to; null when it leaves the state alone. */
export function statusOfWish({ kind, payload }: Wish): BookingStatus | null {
  const statuses: Readonly<Record<SourceCommand["kind"], BookingStatus | null>> = {
    cancel: "cancelled",
    reject: "rejected",
    confirm: "confirmed",
    reschedule: null,
    no_show: "absent" in payload && !payload.absent ? "confirmed" : "no_show",
  };
  return statuses[kind];
}
