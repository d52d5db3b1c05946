import type { ReportedBooking, SourceApi } from "../connectors/connector.ts";

/** Bookings are moved a few times; what goes beyond is a ring. */
const MAX_LENGTH = 50;

/** A booking under all the ids that it had, as the source tells of each. */
export interface Chain {
  /** The oldest first; the last one is the booking as it is now. */
  readonly bookings: readonly ReportedBooking[];
  /** How many of them had to be asked for. */
  readonly lookups: number;
}

/**
 * Follows a booking back to the first id that is not known, and on to the id that it goes by now.
 * @param isKnown whether the ledger knows an id, so that what came before it is told already
 * @param listed those that were told already, by their ids
 * @throws SourceApiError
 */
export async function readChain(
  api: SourceApi,
  from: ReportedBooking,
  isKnown: (uid: string) => boolean,
  listed: ReadonlyMap<string, ReportedBooking>,
): Promise<Chain> {
  const bookings = [from];
  let lookups = 0;
  const get = async (uid: string): Promise<ReportedBooking | null> => {
    const told = listed.get(uid);
    if (told !== undefined) return told;
    lookups += 1;
    return api.getBooking(uid);
  };
  const isNew = (uid: string): boolean =>
    bookings.length < MAX_LENGTH && bookings.every(({ change }) => change.refs?.uid !== uid);
  for (
    let next = from.nextUid;
    next !== null && isNew(next);
    next = bookings.at(-1)?.nextUid ?? null
  ) {
    const booking = await get(next);
    if (booking === null) break;
    bookings.push(booking);
  }
  const previousOf = (): string | null => bookings[0]?.change.refs?.previousUid ?? null;
  for (let uid = previousOf(); uid !== null && !isKnown(uid) && isNew(uid); uid = previousOf()) {
    const booking = await get(uid);
    if (booking === null) break;
    bookings.unshift(booking);
  }
  return { bookings, lookups };
}

/**
 * What one of the earlier ids of a booking tells: where it was then. Its state is that it was moved
 * away, which is no state of the booking.
 */
export function asFormerBooking(reported: ReportedBooking): ReportedBooking {
  const { change } = reported;
  return {
    ...reported,
    endsByClock: false,
    change: {
      ...change,
      kind: change.refs?.previousUid == null ? "created" : "rescheduled",
      status: null,
      sourceStatus: null,
      statusReason: null,
      cancelledBy: null,
    },
  };
}
