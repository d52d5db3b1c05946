import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { majorUnits } from "../../domain/major-units.ts";
import { judgeByStatus } from "./judge-by-status.ts";
import { jsonHeaders, type Profile } from "./profile.ts";

/** What a database webhook of Supabase posts. */
interface RowChange {
  readonly type: "INSERT" | "UPDATE" | "DELETE";
  readonly table: "bookings";
  readonly schema: "public";
  readonly record: Row | null;
  readonly old_record: Row | null;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * An edge function, or any other program, that is written for the database webhooks of a
 * `bookings` table: the row as it is, and as it was.
 */
export const supabaseProfile: Profile = {
  name: "supabase",
  modes: ["thin", "full"],
  personalModes: ["full"],
  encode(event, { payloadMode }) {
    const { booking, previous } = event.data;
    if (booking === undefined) return { skip: "The booking is not known." };
    const rowOf = payloadMode === "full" ? fullRow : thinRow;
    const old = rowOf({ ...booking, ...before(previous ?? {}) });
    const body = changeOf(event, rowOf(booking), withoutUnknown(old, previous ?? {}));
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeTest(target, at) {
    const record = { destination_id: target.id, created_at: at.toISOString() };
    const body = { type: "INSERT", table: "slotwire_test", schema: "public", record };
    return { body: JSON.stringify({ ...body, old_record: null }), headers: jsonHeaders };
  },
  judge: judgeByStatus,
  keyHeader: (key) => ({ name: "authorization", value: `Bearer ${key}` }),
};

function changeOf(event: BookingEvent, record: Row, old: Row): RowChange {
  const where = { table: "bookings", schema: "public" } as const;
  if (event.old_status === null) return { type: "INSERT", ...where, record, old_record: null };
  if (event.type === "booking.deleted") {
    return { type: "DELETE", ...where, record: null, old_record: old };
  }
  const old_record = { ...old, version: event.booking_version - 1 };
  return { type: "UPDATE", ...where, record, old_record };
}

/** The members of a booking before the change, but for those whose names are the ledger's alone. */
function before(previous: Readonly<Record<string, unknown>>): Partial<BookingResource> {
  const known: readonly string[] = [
    "status",
    "starts_at",
    "ends_at",
    "time_zone",
    "title",
    "description",
    "location",
    "meeting_url",
    "provider",
    "attendees",
    "metadata",
    "price_minor",
    "currency",
    "deleted_at",
  ];
  const entries = Object.entries(previous).filter(([field]) => known.includes(field));
  return Object.fromEntries(entries.map(([field, value]) => [field, instant(field, value)]));
}

/** When the row was changed before is told only where the event knows it: now is when it was not. */
function withoutUnknown(old: Row, { updated_at }: Readonly<Record<string, unknown>>): Row {
  const { updated_at: _now, ...known } = old;
  return updated_at === undefined
    ? known
    : { ...known, updated_at: instant("updated_at", updated_at) };
}

/** Direct writers' times are as PostgreSQL writes them. */
function instant(field: string, value: unknown): unknown {
  return field.endsWith("_at") && typeof value === "string" ? new Date(value).toISOString() : value;
}

function thinRow(booking: BookingResource): Row {
  return {
    id: booking.id,
    booking_number: booking.booking_number,
    version: booking.version,
    status: booking.status,
    start_time: booking.starts_at,
    end_time: booking.ends_at,
    time_zone: booking.time_zone,
    created_at: booking.created_at,
    updated_at: booking.updated_at,
    deleted_at: booking.deleted_at,
  };
}

function fullRow(booking: BookingResource): Row {
  const client = booking.customer ?? booking.attendees[0] ?? null;
  const { price_minor: price, currency } = booking;
  return {
    ...thinRow(booking),
    title: booking.title,
    description: booking.description,
    location: booking.location,
    meeting_url: booking.meeting_url,
    service_type: booking.service?.key ?? null,
    client_id: booking.customer?.id ?? null,
    client_name: client?.name ?? null,
    client_email: client?.email ?? null,
    client_phone: client?.phone ?? null,
    provider_id: booking.provider?.id ?? null,
    provider_name: booking.provider?.name ?? null,
    provider_email: booking.provider?.email ?? null,
    total_price: price === null ? null : majorUnits(price, currency),
    currency,
    metadata: booking.metadata,
  };
}
