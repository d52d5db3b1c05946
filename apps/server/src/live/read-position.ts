import { SlotwireError } from "../errors.ts";

/**
 * Where a reader of the stream is. The header `Last-Event-ID` wins: a browser's EventSource
 * repeats the address of its first connection together with the header of its last.
 * @returns the last seq that was seen, or null when the reader names none
 * @throws SlotwireError E_CURSOR when what it names is no position
 */
export function readPosition(
  lastEventId: string | undefined,
  after: string | undefined,
): number | null {
  const named = lastEventId === undefined || lastEventId === "" ? after : lastEventId;
  if (named === undefined) return null;
  if (!/^\d{1,15}$/.test(named)) {
    throw new SlotwireError("E_CURSOR", {
      detail: "A position is a whole number from 0 on.",
      remedy: "Come back with the last `id` that you saw as `after`, or begin anew without it.",
    });
  }
  return Number(named);
}
