import type { Booking, BookingChange, ExternalRef } from "./booking.ts";
import { lastWordAt, toInstant } from "./heard.ts";
import { isEmpty } from "./merge.ts";

/**
 * What the ids of a change say of it: whether they speak of the past, and which refs are to be
 * written. A booking goes by one id of its source at a time; an id that is new to it takes the
 * place of the others, unless it was told later than what came after it.
 */
export interface Lineage {
  /** The refs to add, or to mark as superseded. */
  readonly refs: readonly ExternalRef[];
  /** It gives the booking a new id, and speaks of the present. */
  readonly succeeds: boolean;
  /** The instant before which all that goes by its id was said, in ms; null for an id in use. */
  readonly before: number | null;
}

/** Reads a change's ids against those that the booking has. */
export function lineageOf(
  booking: Pick<Booking, "externalRefs" | "sourceUpdatedAt">,
  change: BookingChange,
): Lineage {
  const { connectionId, refs } = change;
  if (connectionId === null || refs === null) return { refs: [], succeeds: false, before: null };
  const known = booking.externalRefs.filter((ref) => ref.connectionId === connectionId);
  const uids = known.filter(({ kind }) => kind === "uid");
  const own = uids.find(({ externalId }) => externalId === refs.uid);
  const inUse = uids.filter(({ supersededAt }) => supersededAt === null);
  const namesCurrent = inUse.some(({ externalId }) => externalId === refs.previousUid);
  const isNew = own === undefined && uids.length > 0;
  const isPast = isNew && !namesCurrent && Date.parse(change.occurredAt) < lastWordAt(booking);
  const endedAt = isPast ? endOfPast(uids, booking) : (own?.supersededAt ?? null);
  const ref = (kind: ExternalRef["kind"], externalId: string, supersededAt: string | null) => ({
    connectionId,
    kind,
    externalId,
    supersededAt,
  });
  const wanted: ExternalRef[] = [
    ref("uid", refs.uid, endedAt),
    ...(isNew && !isPast ? inUse : []).map(({ externalId }) =>
      ref("uid", externalId, change.occurredAt),
    ),
  ];
  const { previousUid, icalUid } = refs;
  const isNamed = wanted.some(({ externalId }) => externalId === previousUid);
  if (previousUid !== null && !isNamed) {
    wanted.push(ref("uid", previousUid, earliest(uids, previousUid, change.occurredAt)));
  }
  if (!isEmpty(icalUid)) wanted.push(ref("ical_uid", icalUid ?? "", null));
  return {
    refs: wanted.filter((one) => !isKnown(known, one)),
    succeeds: isNew && !isPast,
    before: endedAt === null ? null : Date.parse(endedAt),
  };
}

/** When the first of the ids was given up that came after it. */
function endOfPast(
  uids: readonly ExternalRef[],
  booking: Pick<Booking, "sourceUpdatedAt">,
): string {
  const ends = uids.flatMap(({ supersededAt }) => supersededAt ?? []);
  return [...ends, toInstant(lastWordAt(booking))].toSorted()[0] ?? "";
}

/** An id is given up once; of two tellings the earlier one counts. */
function earliest(uids: readonly ExternalRef[], uid: string, instant: string): string {
  const before = uids.find(({ externalId }) => externalId === uid)?.supersededAt;
  return before != null && Date.parse(before) < Date.parse(instant) ? before : instant;
}

function isKnown(known: readonly ExternalRef[], ref: ExternalRef): boolean {
  return known.some(
    ({ kind, externalId, supersededAt }) =>
      kind === ref.kind &&
      externalId === ref.externalId &&
      (ref.supersededAt === null || supersededAt === ref.supersededAt),
  );
}

/** All refs of a booking after some were written. */
export function withRefs(
  known: readonly ExternalRef[],
  written: readonly ExternalRef[],
): readonly ExternalRef[] {
  const key = ({ connectionId, kind, externalId }: ExternalRef): string =>
    JSON.stringify([connectionId, kind, externalId]);
  return [...new Map([...known, ...written].map((ref) => [key(ref), ref])).values()];
}
