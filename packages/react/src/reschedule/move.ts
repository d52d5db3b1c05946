import type { BookingResource, CommandResource } from "@slotwire/contract";
import type { Language } from "../messages/en.ts";
import { isConflict } from "../parts/is-conflict.ts";
import { commandWords, problemWords } from "../parts/problem-words.ts";
import { isOpen } from "../status-change/is-open.ts";

/** What has become of a wish to move a booking. */
export interface Move {
  /**
   * `sending`: the hub has not answered yet. `pending`: the source that owns the booking is asked and
   * has not done it. `moved`: it is where it was wished. `refused`: it is where it was, and `reason`
   * says why.
   */
  readonly state: "sending" | "pending" | "moved" | "refused";
  /** Where it is wished: RFC 3339. */
  readonly starts_at: string;
  readonly ends_at: string;
  /** The booking as it was before. */
  readonly before: BookingResource;
  /** The booking as the hub has told it last. */
  readonly booking: BookingResource;
  /** What the source was asked for; null when no source is. */
  readonly command: CommandResource | null;
  /** Why it is not done, or not yet, in words; null when there is nothing to say. */
  readonly reason: string | null;
  /** Whether it was refused because somebody else changed the booking meanwhile: read it again. */
  readonly isConflict: boolean;
  /** Whether it can be taken back. */
  readonly canUndo: boolean;
}

/** What is known of a move, before it is put into words. */
export interface KnownMove extends Omit<Move, "reason" | "isConflict" | "canUndo"> {
  /** What asking the hub failed by; null otherwise. */
  readonly error: unknown;
}

/** What a command says of the move that it stands for. */
export function moveState(command: CommandResource): Move["state"] {
  if (isOpen(command)) return "pending";
  return command.status === "confirmed" ? "moved" : "refused";
}

/** A move as it is shown. */
export function describeMove({ error, ...known }: KnownMove, words: Language["common"]): Move {
  const { state, command, booking, starts_at: wished } = known;
  const isThere = Date.parse(booking.starts_at) === Date.parse(wished);
  return {
    ...known,
    reason:
      error === null
        ? (command && commandWords(command, words)) || null
        : problemWords(error, words),
    isConflict: isConflict(error),
    canUndo: state === "moved" ? isThere : state === "pending" && command?.status === "queued",
  };
}
