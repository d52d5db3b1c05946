import type { ConnectorChange, ReportedBooking } from "../connectors/connector.ts";
import type { Booking, BookingChange, ExternalRef } from "../domain/booking.ts";
import { differences } from "../domain/booking-differences.ts";
import { decideMatch } from "../domain/decide-match.ts";
import type { NextBooking } from "../domain/decision.ts";
import { isAhead } from "../domain/is-ahead.ts";
import { type Match, matchBookings } from "../domain/match-bookings.ts";
import { capChange } from "../inbox/cap-source-time.ts";
import { changesTo } from "./changes-to.ts";

/** What the source says now may be older than what it said by a message just before. ms */
const FRESH = 60_000;

/** A member of a booking that differs, by its name on the wire; `before` is the hub's. */
export interface FieldDifference {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What became of comparing one booking. */
export type Comparison =
  | { readonly outcome: "same"; readonly booking: Booking | null }
  | {
      readonly outcome: "differs";
      readonly kind: "missing" | "different" | "phantom";
      readonly booking: Booking | null;
      readonly fields: readonly FieldDifference[];
      /** What has to be recorded to put it right. */
      readonly changes: readonly ConnectorChange[];
      /** Why it cannot be put right now; null when it can. */
      readonly obstacle: string | null;
    };

/** For whom it is compared. */
export interface Comparer {
  readonly connection: { readonly id: string; readonly name: string };
  readonly now: Date;
  /** What was written a moment before was written by the comparison itself. */
  readonly hasWritten?: boolean;
}

/**
 * Compares what a source tells of a booking with what the ledger would make of it: they are the
 * same when it would change nothing. Pure.
 * @param found the bookings that go by its ids, the oldest first
 */
export function compareBooking(
  found: readonly Booking[],
  told: ReportedBooking,
  comparer: Comparer,
): Comparison {
  const now = comparer.now.toISOString();
  const asOf = told.asOf === undefined || isAhead(told.asOf, comparer.now) ? now : told.asOf;
  const reported = { ...told, change: capChange(told.change, comparer.now) };
  const match = matchBookings(found, bookingChange(reported.change, comparer.connection));
  const { current } = match;
  // What is as fresh as the comparison is looked at as if it were older, and then left alone.
  const after = new Date(Date.parse(current?.sourceUpdatedAt ?? asOf) + 1).toISOString();
  const changes = changesTo(current, reported, { asOf: after > asOf ? after : asOf });
  const { booking: next, refused } = preview(match, changes, comparer);
  const fields = next === null ? [] : fieldDifferences(current, next);
  if (refused === null && fields.length === 0) return { outcome: "same", booking: current };
  return {
    outcome: "differs",
    kind: kindOf(current, next),
    booking: current,
    fields,
    changes,
    obstacle: refused ?? obstacleTo(current, asOf, comparer),
  };
}

function obstacleTo(
  current: Booking | null,
  asOf: string,
  { hasWritten = false }: Comparer,
): string | null {
  if (current === null) return null;
  if (current.deletedAt !== null) return "It was deleted here.";
  const spokenAt = Date.parse(current.sourceUpdatedAt ?? "1970-01-01");
  // Some sources tell of a change before they make it, and read from copies that lag behind.
  return !hasWritten && spokenAt > Date.parse(asOf) - FRESH
    ? "A message changed it a moment before; the next run looks again."
    : null;
}

const isOver = (booking: Booking): boolean =>
  booking.status === "cancelled" || booking.status === "rejected";

function kindOf(
  current: Booking | null,
  after: Booking | null,
): "missing" | "different" | "phantom" {
  if (current === null) return "missing";
  return after !== null && isOver(current) && !isOver(after) ? "phantom" : "different";
}

/** A change of the connection's, as the ledger takes it. */
export function bookingChange(
  change: ConnectorChange,
  connection: Comparer["connection"],
): BookingChange {
  return {
    ...change,
    connectionId: connection.id,
    bookingId: null,
    backfill: false,
    actor: {
      kind: "connection",
      id: connection.id,
      name: `${connection.name} (reconcile)`,
      mayCorrect: false,
    },
  };
}

/** What the booking would be after the changes, one after the other. */
function preview(
  match: Match,
  changes: readonly ConnectorChange[],
  { connection, now }: Comparer,
): { booking: Booking | null; refused: string | null } {
  let step = match;
  for (const change of changes) {
    const decision = decideMatch(step, bookingChange(change, connection), now);
    if (decision.outcome === "refused")
      return { booking: step.current, refused: sentence(decision.reason) };
    const refs = decision.outcome === "write" ? decision.refs : [];
    const next = nextOf(decision);
    if (next !== null) step = { current: applied(step, next, refs), absorbed: null, later: null };
  }
  return { booking: step.current, refused: null };
}

function nextOf(decision: ReturnType<typeof decideMatch>): NextBooking | null {
  if (decision.outcome === "write") return decision.next;
  return "keeps" in decision ? (decision.keeps ?? null) : null;
}

function applied(
  { current, absorbed }: Match,
  next: NextBooking,
  refs: readonly ExternalRef[],
): Booking {
  const known = [...(current?.externalRefs ?? []), ...(absorbed?.externalRefs ?? [])];
  const isReplaced = (ref: ExternalRef): boolean => refs.some((one) => isSameRef(one, ref));
  return {
    id: current?.id ?? "",
    bookingNumber: current?.bookingNumber ?? 0,
    version: (current?.version ?? 0) + 1,
    heardCount: current?.heardCount ?? 0,
    ...next,
    externalRefs: [...known.filter((ref) => !isReplaced(ref)), ...refs],
  };
}

function isSameRef(one: ExternalRef, other: ExternalRef): boolean {
  return (
    one.connectionId === other.connectionId &&
    one.kind === other.kind &&
    one.externalId === other.externalId
  );
}

/** What a booking that is missing is told by. */
const shownOfMissing = ["status", "starts_at", "ends_at", "title"];

function fieldDifferences(current: Booking | null, after: Booking): FieldDifference[] {
  if (current === null) {
    const shown: Record<string, unknown> = {
      status: after.status,
      starts_at: after.startsAt,
      ends_at: after.endsAt,
      title: after.title,
    };
    return shownOfMissing.map((name) => ({ name, before: null, after: shown[name] }));
  }
  const before = differences(current, after);
  const now = differences(after, current);
  const fields = Object.keys(before).map((name) => ({
    name,
    before: before[name],
    after: now[name],
  }));
  const [uids, uidsAfter] = [uidsOf(current), uidsOf(after)];
  if (uids.join() === uidsAfter.join()) return fields;
  return [...fields, { name: "external_refs", before: uids, after: uidsAfter }];
}

function uidsOf({ externalRefs }: Booking): string[] {
  return externalRefs
    .filter(({ kind }) => kind === "uid")
    .map(
      ({ externalId, supersededAt }) => `${externalId}${supersededAt === null ? "" : " (former)"}`,
    )
    .toSorted();
}

function sentence(reason: string): string {
  return `${reason[0]?.toUpperCase() ?? ""}${reason.slice(1)}.`;
}
