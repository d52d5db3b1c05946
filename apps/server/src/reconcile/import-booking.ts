import type { importBookingSchema, ImportedBooking } from "@slotwire/contract";
import type { z } from "zod";
import { type Author, recordAudit } from "../access/record-audit.ts";
import type { ReportedBooking } from "../connectors/connector.ts";
import { SourceApiError } from "../connectors/source-api-error.ts";
import { tenant } from "../db/database.ts";
import type { Booking } from "../domain/booking.ts";
import { SlotwireError } from "../errors.ts";
import { openSourceApi } from "../inbox/connections/open-source-api.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import { lookUpBookings } from "../ledger/look-up-bookings.ts";
import { chooseConnection } from "./choose-connection.ts";
import { readChain } from "./read-chain.ts";
import { reconcileBookings, type Reconciling } from "./reconcile-bookings.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";

/**
 * Asks a source for one booking by the id that it has there, and records what the source says, as
 * a comparison does: what the hub knows already stays one booking, and is brought up to date. A
 * booking that was moved under another id is followed there.
 * @param input with `preview` nothing is recorded
 * @throws SlotwireError E_SOURCE_UNKNOWN when the source has no such booking; E_SOURCE_KEY and its
 *   like when it cannot be asked; E_IMPORT when the ledger does not take it; as `chooseConnection`
 */
export async function importBooking(
  deps: ReconcileDeps,
  author: Author,
  { external_id: id, connection_id: connectionId, preview }: z.output<typeof importBookingSchema>,
): Promise<Omit<ImportedBooking, "lead">> {
  const connection = await chooseConnection(deps, author.orgId, connectionId);
  const api = openSourceApi(deps, connection);
  const work: Reconciling = { deps, connection, api, dryRun: false };
  try {
    const chain = await askForChain(work, id);
    const details = detailsOf(chain.latest, connection);
    const before = await findBooking(work, chain.latest);
    if (preview) return { details, booking: namesOf(before), already_known: before !== null };
    const booking = await recordChain(work, author, chain);
    return { details, booking: namesOf(booking), already_known: before !== null };
  } catch (error) {
    throw error instanceof SourceApiError ? refusalOf(error, connection) : error;
  }
}

/** A booking as its source tells of it, under all ids that it had since the one asked for. */
interface Chain {
  readonly bookings: readonly ReportedBooking[];
  readonly latest: ReportedBooking;
}

async function askForChain({ api, connection }: Reconciling, id: string): Promise<Chain> {
  const detail = `${connection.name} knows no booking ${id}.`;
  // They would lead to another address than that of a booking.
  const first = id === "." || id === ".." ? null : await api.getBooking(id);
  if (first === null) throw new SlotwireError("E_SOURCE_UNKNOWN", { detail });
  const { bookings } = await readChain(api, first, () => true, new Map());
  return { bookings, latest: bookings.at(-1) ?? first };
}

function detailsOf(
  { change, label }: ReportedBooking,
  { timeZone }: SourceConnection,
): ImportedBooking["details"] {
  const { fields, status } = change;
  const { startsAt, endsAt, attendees = [] } = fields;
  if (startsAt === undefined || endsAt === undefined) {
    const detail = "The source does not tell when it begins and ends.";
    throw new SlotwireError("E_TIME_INVALID", { detail });
  }
  const [customer] = attendees;
  return {
    title: fields.title ?? label,
    status: status ?? "confirmed",
    starts_at: startsAt,
    ends_at: endsAt,
    time_zone: fields.timeZone ?? timeZone,
    location: fields.location ?? null,
    customer: customer === undefined ? null : { name: customer.name, email: customer.email },
  };
}

/** The booking that goes by the id, and not one that only shares something with it. */
async function findBooking(
  { deps, connection }: Reconciling,
  { change: { refs } }: ReportedBooking,
): Promise<Booking | null> {
  if (refs === null) return null;
  const [found = []] = await lookUpBookings(deps, connection.orgId, connection.id, [refs]);
  const isIt = ({ externalRefs }: Booking): boolean =>
    externalRefs.some(
      ({ connectionId, kind, externalId }) =>
        connectionId === connection.id && kind === "uid" && externalId === refs.uid,
    );
  return found.find(isIt) ?? null;
}

function namesOf(booking: Booking | null): ImportedBooking["booking"] {
  return booking && { id: booking.id, booking_number: booking.bookingNumber };
}

/** @throws SlotwireError E_IMPORT when the hub has no such booking afterwards */
async function recordChain(
  work: Reconciling,
  author: Author,
  { bookings, latest }: Chain,
): Promise<Booking> {
  const { findings } = await reconcileBookings(work, bookings);
  const booking = await findBooking(work, latest);
  if (booking === null || booking.deletedAt !== null) {
    const reason = findings.find((finding) => finding.reason !== null)?.reason;
    const detail = booking === null ? reason : "It was deleted here.";
    throw new SlotwireError("E_IMPORT", detail == null ? {} : { detail });
  }
  const isChanged = findings.some(({ outcome }) => outcome === "repaired");
  if (isChanged) await tellOfImport(work, author, booking);
  return booking;
}

function tellOfImport(
  { deps, connection }: Reconciling,
  author: Author,
  { id, bookingNumber }: Booking,
): Promise<void> {
  return deps.db.transaction(tenant(author.orgId), (tx) =>
    recordAudit(tx, {
      ...author,
      at: deps.clock.now(),
      action: "booking.imported",
      entityId: id,
      entityName: `#${bookingNumber}`,
      new: { connection_id: connection.id },
    }),
  );
}

/** Nobody asks again by itself, as a comparison would. */
function refusalOf(error: SourceApiError, { name }: SourceConnection): SlotwireError {
  const { retryAfterSeconds: wait } = error;
  return new SlotwireError(error.code, {
    detail: error.describe(name),
    ...(error.mayPass && { remedy: "Try again in a moment; if it stays, look at the source." }),
    ...(wait !== null && { extra: { retry_after_seconds: wait } }),
    cause: error,
  });
}
