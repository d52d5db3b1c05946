import type { BookingResource } from "@slotwire/contract";
import { wholeView } from "../domain/views/view.ts";
import type { Hub } from "../http/app.types.ts";
import { type BookingPosition, listBookings } from "../ledger/list-bookings.ts";
import { groomers, petOwners, services } from "./demo-people.ts";
import type { Visit } from "./visit.ts";

/** Visits that began longer ago have ended. */
const LOOK_BACK = 2 * 24 * 60 * 60_000;
/** So many are read at once … */
const PAGE = 500;
/** … and at the most, however much was made to happen. */
const MOST_PAGES = 24;

/**
 * What an earlier run of the demo has left in the ledger, so that its visits go on: the simulated
 * source itself forgets everything when it stops. Visits that the demo did not make are left out.
 */
export async function readDemoVisits(
  deps: Pick<Hub, "db" | "clock">,
  orgId: string,
): Promise<Visit[]> {
  const from = new Date(deps.clock.now().getTime() - LOOK_BACK).toISOString();
  const found: BookingResource[] = [];
  let after: BookingPosition | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page: { limit: number; after: BookingPosition | null } = { limit: PAGE, after };
    const { bookings, next } = await listBookings(deps, wholeView(orgId), { from }, page);
    found.push(...bookings);
    if (next === null) break;
    after = next;
  }
  return found.map(visitOf).filter((visit) => visit !== null);
}

function visitOf(booking: BookingResource): Visit | null {
  const refs = booking.external_refs;
  const uids = refs.filter(({ kind }) => kind === "uid");
  const current = uids.find(({ superseded_at }) => superseded_at === null);
  const icalUid = refs.find(({ kind }) => kind === "ical_uid")?.external_id;
  const groomer = groomers.find(({ email }) => email === booking.provider?.email);
  const service = services.find(({ slug }) => slug === booking.service?.key);
  const owner = petOwners.find(({ email }) => email === booking.attendees[0]?.email);
  if (current === undefined || icalUid === undefined) return null;
  if (groomer === undefined || service === undefined || owner === undefined) return null;
  return {
    uid: current.external_id,
    previousUids: uids.filter((uid) => uid !== current).map((uid) => uid.external_id),
    // Cal.com's own numbers are not kept; the booking's number is as good, and as unique.
    calcomId: booking.booking_number,
    icalUid,
    // Every message raised it by one at the most.
    sequence: booking.version,
    status: booking.status,
    startsAt: booking.starts_at,
    endsAt: booking.ends_at,
    groomer,
    service,
    owner,
    remark: booking.description,
    bookedAt: booking.created_at,
    lastSaidAt: booking.updated_at,
  };
}
