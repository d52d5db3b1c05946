import type { BookingStatus } from "./booking.ts";
import { bookingStatuses } from "@slotwire/contract";

/**
 * Who may make a step, and when.
 *
 * any          any permitted actor
 * after_start  any permitted actor, once the booking has started
 * source       only when the owner says so
 * correction   an undo or a fix: manager and above, or the owner
 * recent       the same, within 30 days of the booking's end
 * import       only as history from before the connection
 * history      as history, or when the owner says so
 * never        not a step at all
 */
export type TransitionRule =
  | "any"
  | "after_start"
  | "source"
  | "correction"
  | "recent"
  | "import"
  | "history"
  | "never";

/** The states that a booking can be in before a step; `new` is before its first. */
export type FromStatus = BookingStatus | "new";

/**
 * The life of a booking. It is asked for (`pending`) or taken at once (`confirmed`); on the day
 * somebody arrives (`checked_in`), the work goes on (`in_progress`) and ends (`completed`), or
 * nobody came (`no_show`). It can be called off (`cancelled`) or declined (`rejected`). Steps
 * backwards are corrections. A step from a state to itself is no step.
 */
export const transitions: Record<FromStatus, Record<BookingStatus, TransitionRule>> = {
  new: {
    pending: "any",
    confirmed: "any",
    checked_in: "never",
    in_progress: "never",
    completed: "import",
    no_show: "import",
    cancelled: "history",
    rejected: "source",
  },
  pending: {
    pending: "never",
    confirmed: "any",
    checked_in: "never",
    in_progress: "never",
    completed: "source",
    no_show: "source",
    cancelled: "any",
    rejected: "any",
  },
  confirmed: {
    pending: "source",
    confirmed: "never",
    checked_in: "any",
    in_progress: "any",
    completed: "after_start",
    no_show: "after_start",
    cancelled: "any",
    rejected: "source",
  },
  checked_in: {
    pending: "never",
    confirmed: "correction",
    checked_in: "never",
    in_progress: "any",
    completed: "any",
    no_show: "any",
    cancelled: "any",
    rejected: "never",
  },
  in_progress: {
    pending: "never",
    confirmed: "never",
    checked_in: "correction",
    in_progress: "never",
    completed: "any",
    no_show: "never",
    cancelled: "any",
    rejected: "never",
  },
  completed: {
    pending: "never",
    confirmed: "recent",
    checked_in: "never",
    in_progress: "never",
    completed: "never",
    no_show: "correction",
    cancelled: "recent",
    rejected: "never",
  },
  no_show: {
    pending: "never",
    confirmed: "correction",
    checked_in: "never",
    in_progress: "never",
    completed: "correction",
    no_show: "never",
    cancelled: "correction",
    rejected: "never",
  },
  cancelled: {
    pending: "source",
    confirmed: "correction",
    checked_in: "never",
    in_progress: "never",
    completed: "never",
    no_show: "never",
    cancelled: "never",
    rejected: "never",
  },
  rejected: {
    pending: "source",
    confirmed: "source",
    checked_in: "never",
    in_progress: "never",
    completed: "never",
    no_show: "never",
    cancelled: "never",
    rejected: "never",
  },
};

/** What a rule needs to know about the one who asks and the booking. */
export interface TransitionContext {
  /** The change comes from the owner of the booking. */
  readonly fromOwner: boolean;
  /** The owner is an outside system, not the hub itself. */
  readonly ownedBySource: boolean;
  /** The actor may undo, fix, reopen and reinstate. */
  readonly mayCorrect: boolean;
  /** It is history from before the connection. */
  readonly backfill: boolean;
  readonly now: Date;
  /** Start and end of the booking as instants, RFC 3339. */
  readonly startsAt: string;
  readonly endsAt: string;
}

const CORRECTION_WINDOW_MS = 30 * 24 * 60 * 60 * 1000;

const allowedBy: Record<TransitionRule, (context: TransitionContext) => boolean> = {
  any: () => true,
  after_start: ({ now, startsAt }) => now.getTime() >= Date.parse(startsAt),
  source: (context) => bySource(context),
  correction: (context) => context.mayCorrect || bySource(context),
  recent: (context) =>
    (context.mayCorrect || bySource(context)) &&
    context.now.getTime() - Date.parse(context.endsAt) <= CORRECTION_WINDOW_MS,
  import: ({ backfill }) => backfill,
  history: (context) => context.backfill || bySource(context),
  never: () => false,
};

function bySource(context: TransitionContext): boolean {
  return context.fromOwner && context.ownedBySource;
}

/** Whether the table lets this actor take the booking from one state to another. */
export function isAllowed(
  from: FromStatus,
  to: BookingStatus,
  context: TransitionContext,
): boolean {
  return allowedBy[transitions[from][to]](context);
}

/**
 * Whether it is a step of the organisation's own day, which the hub takes whoever owns the booking:
 * somebody arrives, the work goes on and ends; and an arrival is taken back.
 */
export function isStepOfTheDay(from: FromStatus, to: BookingStatus): boolean {
  if (to === "confirmed") return from === "checked_in";
  return to === "checked_in" || to === "in_progress" || to === "completed";
}

/** The states that this actor may take the booking to. */
export function allowedStatuses(from: FromStatus, context: TransitionContext): BookingStatus[] {
  return bookingStatuses.filter((to) => isAllowed(from, to, context));
}
