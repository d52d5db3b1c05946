import type { BookingEvent, DestinationFilter, DestinationResource } from "@slotwire/contract";
import { eventFromRow } from "../ledger/read-events.ts";
import { matchesFilter } from "./filter/matches-filter.ts";
import { operationalFromRow } from "./operational-event.ts";
import type { Encoded, EncodeTarget, Profile } from "./profiles/profile.ts";
import { profiles } from "./profiles/profiles.ts";
import type { ClaimedRow } from "./queries.ts";

/** The profile of a destination's row. */
export function profileOf({ profile }: { readonly profile: string }): Profile {
  return profiles[profile as DestinationResource["profile"]];
}

/**
 * Writes the body of a leased delivery, or says why nothing is sent: the destination's filter
 * holds it back, or its profile has no words for it. Filters are about bookings: operational
 * events pass.
 * @param publicUrl where the hub is reached, for links
 */
export function encodeDelivery(row: ClaimedRow, publicUrl: string): Encoded {
  const profile = profileOf(row);
  const target: EncodeTarget = {
    id: row.destination_id,
    name: row.destination_name,
    payloadMode: row.payload_mode,
    eventTypes: row.event_types,
    publicUrl,
  };
  if (row.operational !== null) {
    if (profile.encodeOperational === undefined)
      return { skip: "This kind of receiver hears of bookings only." };
    return profile.encodeOperational(operationalFromRow(row.operational), target);
  }
  return encodeEvent(eventFromRow(row), row, target);
}

/** The same for the event of a booking, by the destination's profile and filter. */
export function encodeEvent(
  event: BookingEvent,
  to: { readonly profile: string; readonly filter: DestinationFilter | null },
  target: EncodeTarget,
): Encoded {
  const heldBack = matchesFilter(event, to.filter);
  return heldBack === null ? profileOf(to).encode(event, target) : { skip: heldBack };
}
