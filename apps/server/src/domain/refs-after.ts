import type { BookingChange, ExternalRef } from "./booking.ts";
import { isEmpty } from "./merge.ts";

/**
 * The external refs to write: the change's own, and its predecessor as superseded.
 * @param known the refs that the booking has
 */
export function refsAfter(known: readonly ExternalRef[], change: BookingChange): ExternalRef[] {
  const { connectionId, refs } = change;
  if (connectionId === null || refs === null) return [];
  const wanted: ExternalRef[] = [];
  const add = (
    kind: ExternalRef["kind"],
    externalId: string,
    supersededAt: string | null,
  ): void => {
    const before = known.find(
      (ref) =>
        ref.connectionId === connectionId && ref.kind === kind && ref.externalId === externalId,
    );
    if (before === undefined || (before.supersededAt === null && supersededAt !== null)) {
      wanted.push({ connectionId, kind, externalId, supersededAt });
    }
  };
  add("uid", refs.uid, null);
  if (refs.previousUid !== null && refs.previousUid !== refs.uid) {
    add("uid", refs.previousUid, change.occurredAt);
  }
  if (!isEmpty(refs.icalUid)) add("ical_uid", refs.icalUid ?? "", null);
  return wanted;
}
