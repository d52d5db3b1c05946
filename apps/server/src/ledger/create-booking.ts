import type { BookingResource, CreateBooking } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import type { Actor, Attendee, BookingFields } from "../domain/booking.ts";
import { ownProvider } from "../domain/views/own-provider.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { ChangeOrigin } from "./change-origin.ts";
import { bookingChange } from "./hub-change.ts";
import { idOfKey } from "./id-of-key.ts";
import { organisationTimeZone } from "./list-bookings.ts";
import { readBooking } from "./read-booking.ts";
import { record, type LedgerDeps } from "./record.ts";
import { timesOf } from "./times-of.ts";

/** Who creates a booking. */
export interface BookingCreator {
  /** What they see. Whoever sees only their own bookings creates them for themselves. */
  readonly view: View;
  readonly actor: Actor;
  /** Makes a repeated request create nothing; null when the caller does not care. */
  readonly idempotencyKey: string | null;
  /** Where the request came from, for the audit log. */
  readonly origin: ChangeOrigin | null;
}

/**
 * Creates a booking that the hub itself owns. Whoever is not shown contact data finds no customer by
 * it, and makes none: it waits for somebody to link it. Its id follows from the idempotency key, so the
 * same request, repeated at any time and even after a crash, finds what it created before.
 * @returns the booking, and whether an earlier request had created it
 * @throws SlotwireError E_TIME_ORDER; E_IDEMPOTENCY_KEY when the key was used for another booking;
 *   E_FORBIDDEN when it would be somebody else's, and the creator may only have their own
 */
export async function createBooking(
  deps: LedgerDeps,
  creator: BookingCreator,
  input: CreateBooking,
): Promise<{ booking: BookingResource; replayed: boolean }> {
  const { view, actor, idempotencyKey } = creator;
  const { orgId } = view;
  const times = timesOf(input);
  const provider = providerOf(creator, input);
  const bookingId =
    idempotencyKey === null ? uuid7() : idOfKey([orgId, actor.kind, actor.id, idempotencyKey]);
  const first = idempotencyKey === null ? null : await readFirst(deps, orgId, bookingId);
  if (first === null) {
    const timeZone = input.time_zone ?? (await timeZoneOf(deps, orgId));
    await record(deps, {
      orgId,
      change: bookingChange(deps, actor, bookingId, {
        kind: "created",
        status: input.status,
        fields: { ...fieldsOf(input), ...times, timeZone, provider },
      }),
      sourceKind: null,
      message: null,
      origin: creator.origin,
      findsNobody: view.detail !== "full",
      madeForSelf: view.own !== null,
    });
  } else if (!isSameRequest(first, input)) {
    throw new SlotwireError("E_IDEMPOTENCY_KEY");
  }
  return { booking: await readBooking(deps, view, bookingId), replayed: first !== null };
}

/** The booking as its first event left it, or null when there is none. */
async function readFirst(
  { db }: LedgerDeps,
  orgId: string,
  bookingId: string,
): Promise<BookingResource | null> {
  const [event] = await db.transaction(tenant(orgId), (tx) =>
    tx.query<{ booking: BookingResource }>(
      `SELECT booking FROM booking_event
        WHERE org_id = $1 AND booking_id = $2 AND booking_version = 1`,
      [orgId, bookingId],
    ),
  );
  return event?.booking ?? null;
}

function isSameRequest(first: BookingResource, input: CreateBooking): boolean {
  const people = (attendees: readonly Partial<BookingResource["attendees"][number]>[]): string =>
    JSON.stringify(
      attendees.map(({ name, email, phone }) => [name ?? null, email ?? null, phone ?? null]),
    );
  return (
    Date.parse(first.starts_at) === Date.parse(input.starts_at) &&
    Date.parse(first.ends_at) === Date.parse(input.ends_at) &&
    first.status === input.status &&
    first.title === (input.title ?? "") &&
    people(first.attendees) ===
      people((input.attendees ?? []) as Partial<BookingResource["attendees"][number]>[])
  );
}

function timeZoneOf({ db }: LedgerDeps, orgId: string): Promise<string> {
  return db.transaction(tenant(orgId), (tx) => organisationTimeZone(tx, orgId));
}

function providerOf(
  { view, actor }: BookingCreator,
  { provider }: CreateBooking,
): BookingFields["provider"] {
  if (view.own !== null) return ownProvider(view.own, provider, actor.name);
  return provider ? { name: provider.name ?? null, email: provider.email ?? null } : null;
}

function fieldsOf(input: CreateBooking): Partial<BookingFields> {
  const { service } = input;
  return {
    title: input.title ?? "",
    description: input.description ?? null,
    location: input.location ?? null,
    meetingUrl: input.meeting_url ?? null,
    serviceKey: service?.key ?? null,
    serviceName: service?.name ?? null,
    attendees: (input.attendees ?? []).map(({ name, email, phone }): Attendee => ({
      name: name ?? null,
      email: email ?? null,
      phone: phone ?? null,
      status: "accepted",
      seatRef: null,
    })),
    metadata: input.metadata ?? {},
  };
}
