import type { Booking, BookingChange, ExternalRef, HeardId } from "./booking.ts";
import { isBirth, toInstant } from "./heard.ts";

/** The uids that a booking has at its source, in no order. */
export type Ids = ReadonlyMap<string, HeardId>;

/**
 * The uids of a booking, and what is known of their order. A reschedule names the uid before it:
 * that one is gone. Where a link never arrived, the uid that was first heard of last is in use.
 */
export function idsOf(booking: Pick<Booking, "heard" | "externalRefs">, connectionId: string): Ids {
  const { ids } = booking.heard;
  if (ids !== undefined) return new Map(Object.entries(ids));
  const uids = booking.externalRefs.filter(
    (ref) => ref.kind === "uid" && ref.connectionId === connectionId,
  );
  return new Map(
    uids.map(({ externalId, supersededAt }) => {
      const gone = supersededAt === null ? {} : { goneAt: Date.parse(supersededAt) };
      return [externalId, { since: 0, ...gone }] as const;
    }),
  );
}

/** The uids after a change that goes by one, and may name the one before it. */
export function idsAfter(ids: Ids, change: BookingChange): Ids {
  const { refs, occurredAt } = change;
  if (refs === null) return ids;
  const at = Date.parse(occurredAt);
  const since = isBirth(change) ? 0 : at;
  const named: [string, HeardId][] =
    refs.previousUid === null ? [] : [[refs.previousUid, { since: at, goneAt: at }]];
  return joinIds(ids, new Map([[refs.uid, { since }], ...named]));
}

/** Both books of uids together: of each the first word, whenever it arrived. */
export function joinIds(one: Ids, other: Ids): Ids {
  const joined = new Map(one);
  for (const [uid, id] of other) {
    const known = joined.get(uid);
    const goneAt = Math.min(known?.goneAt ?? Infinity, id.goneAt ?? Infinity);
    const since = Math.min(known?.since ?? Infinity, id.since);
    joined.set(uid, { since, ...(goneAt === Infinity ? {} : { goneAt }) });
  }
  return joined;
}

/** The uid in use: null when there is none. */
export function currentUid(ids: Ids): string | null {
  let current: [string, HeardId] | null = null;
  for (const entry of ids) {
    const [uid, { since, goneAt }] = entry;
    if (goneAt !== undefined) continue;
    const lead = since - (current?.[1].since ?? -1);
    if (current === null || lead > 0 || (lead === 0 && uid > current[0])) current = entry;
  }
  return current?.[0] ?? null;
}

/** The uids to keep: none where their order follows from the refs. */
export function idsToKeep(ids: Ids, isUnborn: boolean): Record<string, HeardId> | undefined {
  const open = [...ids.values()].filter(({ goneAt }) => goneAt === undefined);
  return isUnborn || open.length > 1 ? Object.fromEntries(ids) : undefined;
}

/**
 * The refs to write for a change: its own ids, and those whose place another one takes.
 * @param ids after the change
 */
export function refsToWrite(
  known: readonly ExternalRef[],
  ids: Ids,
  { connectionId, refs }: BookingChange,
): readonly ExternalRef[] {
  if (connectionId === null || refs === null) return [];
  const current = currentUid(ids);
  const takenAt = ids.get(current ?? "")?.since ?? 0;
  const ownFirst = [...ids].toSorted(([a], [b]) => Number(b === refs.uid) - Number(a === refs.uid));
  const uids = ownFirst.map(([externalId, { goneAt }]): ExternalRef => {
    const endedAt = goneAt ?? (externalId === current ? null : takenAt);
    const supersededAt = endedAt === null ? null : toInstant(endedAt);
    return { connectionId, kind: "uid", externalId, supersededAt };
  });
  const { icalUid } = refs;
  const wanted: ExternalRef[] =
    icalUid === null || icalUid === ""
      ? uids
      : [...uids, { connectionId, kind: "ical_uid", externalId: icalUid, supersededAt: null }];
  return wanted.filter((ref) => !known.some((other) => isSameRef(ref, other)));
}

function isSameRef(one: ExternalRef, other: ExternalRef): boolean {
  return refKey(one) === refKey(other) && one.supersededAt === other.supersededAt;
}

function refKey({ connectionId, kind, externalId }: ExternalRef): string {
  return JSON.stringify([connectionId, kind, externalId]);
}

/** All refs of a booking after some were written. */
export function withRefs(
  known: readonly ExternalRef[],
  written: readonly ExternalRef[],
): readonly ExternalRef[] {
  return [...new Map([...known, ...written].map((ref) => [refKey(ref), ref])).values()];
}
