"use client";

import type { NewTimes, SlotwireClient } from "@slotwire/client";
import type { BookingResource, CommandResource } from "@slotwire/contract";
import { useRef, useState } from "react";
import { common } from "./messages/en.ts";
import { describeMove, type KnownMove, type Move, moveState } from "./reschedule/move.ts";
import { useAwaitedCommands } from "./reschedule/use-awaited-commands.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useWords } from "./use-words.ts";

export interface UseRescheduleOptions {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
}

export interface UseRescheduleResult {
  /**
   * Moves a booking, of the version that is given. While one move of it is sent, no other is.
   * @returns the move once the hub has answered: `pending`, `moved` or `refused`. It never throws
   */
  readonly reschedule: (booking: BookingResource, times: NewTimes) => Promise<Move>;
  /**
   * Takes a move back where it `canUndo`: withdraws what is not sent to the source yet, or moves the
   * booking to where it was. What is withdrawn is in `moves` no more. It never throws: `reason` says why
   * it could not be done.
   */
  readonly undo: (bookingId: string) => Promise<void>;
  /** The last move of each booking that was moved here, by the booking's id. */
  readonly moves: ReadonlyMap<string, Move>;
  /** Forgets a move, whatever becomes of it. */
  readonly forget: (bookingId: string) => void;
}

type Moves = ReadonlyMap<string, KnownMove>;

/**
 * Moves bookings, and tells what became of it: one that a source owns is `pending` until the source has
 * moved it, or has said why not.
 */
export function useReschedule({ client: given }: UseRescheduleOptions = {}): UseRescheduleResult {
  const client = useSlotwireClient(given);
  const words = useWords("common", common);
  const [known, setKnown] = useState<Moves>(new Map());
  /** The same at once, also for functions that an earlier rendering has handed out. */
  const latest = useRef(known);
  const sending = useRef(new Map<string, Promise<Move>>());
  const moves = new Map([...known].map(([id, move]) => [id, describeMove(move, words)]));

  const keep = (next: Moves): void => setKnown((latest.current = next));
  const show = (move: KnownMove): Move => {
    keep(new Map(latest.current).set(move.before.id, move));
    return describeMove(move, words);
  };
  const forget = (bookingId: string): void => keep(without(latest.current, bookingId));
  const reschedule = (booking: BookingResource, times: NewTimes): Promise<Move> => {
    const { current } = sending;
    const move = current.get(booking.id) ?? send(client, booking, times, show);
    current.set(booking.id, move);
    return move.finally(() => current.delete(booking.id));
  };
  /** The move that a command stands for; null when the booking has another one by now, or none. */
  const moveOf = ({ id, booking_id: bookingId }: CommandResource): KnownMove | null => {
    const move = latest.current.get(bookingId);
    return move?.command?.id === id ? move : null;
  };
  const hear = async (command: CommandResource): Promise<void> => {
    const state = moveState(command);
    const { booking_id: bookingId } = command;
    // Of one that is done the booking has another version.
    const moved = state === "moved" ? { booking: await client.bookings.get(bookingId) } : {};
    const move = moveOf(command);
    if (move === null) return;
    // A withdrawn one never was.
    if (command.status === "withdrawn") forget(bookingId);
    else show({ ...move, ...moved, command, state, error: null });
  };
  const awaited = [...known.values()].filter(({ state }) => state === "pending");
  useAwaitedCommands(
    client,
    awaited.flatMap(({ command }) => command ?? []),
    (command) => void hear(command).catch(() => {}),
  );
  return {
    moves,
    reschedule,
    forget,
    async undo(bookingId) {
      const move = latest.current.get(bookingId);
      if (move === undefined || !describeMove(move, words).canUndo) return;
      const { before, booking, command, state } = move;
      const { starts_at, ends_at } = before;
      if (state === "moved") await reschedule(booking, { starts_at, ends_at });
      // What is on its way meanwhile cannot be withdrawn: its state says so.
      else if (command !== null) {
        const { commands } = client;
        const { id } = command;
        try {
          await hear(await commands.withdraw(id).catch(() => commands.get(id)));
        } catch (error) {
          const last = moveOf(command);
          if (last !== null) show({ ...last, error });
        }
      }
    },
  };
}

async function send(
  client: SlotwireClient,
  before: BookingResource,
  times: NewTimes,
  show: (move: KnownMove) => Move,
): Promise<Move> {
  const { id, version: ifVersion } = before;
  const { starts_at, ends_at } = times;
  const wish = { starts_at, ends_at, before, booking: before, command: null, error: null };
  show({ ...wish, state: "sending" });
  try {
    const { booking, command } = await client.bookings.reschedule(id, times, { ifVersion });
    const state = command === null ? "moved" : moveState(command);
    return show({ ...wish, booking, command, state });
  } catch (error) {
    return show({ ...wish, error, state: "refused" });
  }
}

function without(moves: Moves, bookingId: string): Moves {
  const rest = new Map(moves);
  rest.delete(bookingId);
  return rest;
}
