import type { ReportedBooking, SourceApi } from "../connectors/connector.ts";
import type { Booking, ChangeRefs } from "../domain/booking.ts";
import { SlotwireError } from "../errors.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import { lookUpBookings } from "../ledger/look-up-bookings.ts";
import { record, type RecordResult } from "../ledger/record.ts";
import {
  bookingChange,
  compareBooking,
  type Comparer,
  type Comparison,
} from "./compare-booking.ts";
import type { Finding } from "./finding.ts";
import { asFormerBooking, readChain } from "./read-chain.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";

/** What is compared for whom. */
export interface Reconciling {
  readonly deps: ReconcileDeps;
  readonly connection: SourceConnection;
  readonly api: SourceApi;
  /** It only looks. */
  readonly dryRun: boolean;
}

/** What comparing some bookings came to. */
export interface Compared {
  readonly checked: number;
  readonly findings: readonly Finding[];
  readonly seen: readonly string[];
  readonly lookups: number;
}

/**
 * Compares bookings that the source tells of with the ledger, and records what the ledger missed.
 * A booking that was moved is followed to the id that it goes by now, and counts once.
 * @throws SourceApiError when the source has to be asked for more, and does not answer
 */
export async function reconcileBookings(
  work: Reconciling,
  bookings: readonly ReportedBooking[],
): Promise<Compared> {
  const listed = new Map(bookings.map((booking) => [uidOf(booking), booking] as const));
  const found = await lookUp(work, bookings.map(refsOf));
  const done = new Set<string>();
  const findings: Finding[] = [];
  let [checked, lookups] = [0, 0];
  for (const [at, booking] of bookings.entries()) {
    if (done.has(uidOf(booking))) continue;
    // What was written for the bookings before it may be about this one too.
    const known =
      findings.length === 0
        ? (found[at] ?? [])
        : ((await lookUp(work, [refsOf(booking)]))[0] ?? []);
    if (isFormerAndKnown(known, booking)) continue;
    const chain = needsChain(known, booking)
      ? await readChain(work.api, booking, (uid) => knows(known, uid), listed)
      : { bookings: [booking], lookups: 0 };
    lookups += chain.lookups;
    for (const one of chain.bookings) done.add(uidOf(one));
    const finding = await reconcileChain(work, chain.bookings, known);
    checked += 1;
    if (finding !== null) findings.push(finding);
  }
  return { checked, findings, seen: [...new Set([...listed.keys(), ...done])], lookups };
}

const uidOf = ({ change }: ReportedBooking): string => change.refs?.uid ?? "";

function refsOf({ change }: ReportedBooking): ChangeRefs {
  return change.refs ?? { uid: "", previousUid: null, icalUid: null };
}

function lookUp(
  { deps, connection }: Reconciling,
  refs: readonly ChangeRefs[],
): Promise<Booking[][]> {
  return lookUpBookings(deps, connection.orgId, connection.id, refs);
}

function knows(found: readonly Booking[], uid: string): boolean {
  return found.some(({ externalRefs }) =>
    externalRefs.some(({ kind, externalId }) => kind === "uid" && externalId === uid),
  );
}

/** An id that the ledger knows as a former one, together with what took its place. */
function isFormerAndKnown(
  found: readonly Booking[],
  { nextUid, ...rest }: ReportedBooking,
): boolean {
  const uid = rest.change.refs?.uid ?? "";
  return (
    nextUid !== null && found.some((booking) => knows([booking], uid) && knows([booking], nextUid))
  );
}

function needsChain(found: readonly Booking[], booking: ReportedBooking): boolean {
  const { uid, previousUid } = refsOf(booking);
  if (booking.nextUid !== null) return true;
  return previousUid !== null && !knows(found, uid) && !knows(found, previousUid);
}

/** @returns null when the ledger says the same */
async function reconcileChain(
  work: Reconciling,
  chain: readonly ReportedBooking[],
  known: readonly Booking[],
): Promise<Finding | null> {
  const latest = chain.at(-1);
  if (latest === undefined) return null;
  // Whatever took its place is not told: where it is now cannot be said.
  if (latest.nextUid !== null)
    return findingOf(latest, null, "The booking that took its place is not there.");
  const comparer = { connection: work.connection, now: work.deps.clock.now() };
  if (chain.length === 1) return settle(work, latest, compareBooking(known, latest, comparer));
  const found = await lookUpChain(work, chain);
  const total = compareChain(found, chain, comparer);
  if (work.dryRun || (total.outcome === "differs" && total.obstacle !== null)) {
    return settle(work, latest, total);
  }
  const own = { ...comparer, hasWritten: true };
  const warnings: string[] = [];
  for (const one of linksToTell(found, chain)) {
    const bookings = (await lookUp(work, [refsOf(one)]))[0] ?? [];
    if (knowsLink(bookings, one)) continue;
    const comparison = compareBooking(bookings, one, own);
    if (comparison.outcome !== "differs") continue;
    const repaired = await repair(work, one, comparison);
    warnings.push(...repaired.warnings);
  }
  const bookings = (await lookUp(work, [refsOf(latest)]))[0] ?? [];
  const last = await settle(work, latest, compareBooking(bookings, latest, own));
  if (total.outcome === "same") return last;
  const whole = last ?? { ...findingOf(latest, total, null), outcome: "repaired" as const };
  return {
    ...whole,
    reason: inSentences(whole.reason, warnings),
    bookingId: last?.bookingId ?? bookings[0]?.id ?? total.booking?.id ?? null,
    kind: total.kind,
    fields: total.fields,
  };
}

/** Every booking that goes by an id of the chain. */
async function lookUpChain(
  work: Reconciling,
  chain: readonly ReportedBooking[],
): Promise<Booking[]> {
  const found = (await lookUp(work, chain.map(refsOf))).flat();
  return [...new Map(found.map((booking) => [booking.id, booking])).values()].toSorted(
    (a, b) => a.bookingNumber - b.bookingNumber,
  );
}

/** Compares what the last id of a chain tells with the booking that goes by any of its ids. */
function compareChain(
  found: readonly Booking[],
  chain: readonly ReportedBooking[],
  comparer: Comparer,
): Comparison {
  const uids = chain.map(uidOf);
  const [first, latest] = [chain[0], chain.at(-1)];
  if (first === undefined || latest === undefined) throw new TypeError("the chain is empty");
  const knownUid = uids.findLast((uid) => knows(found, uid));
  // By no id: then perhaps as the kin of one, by what they share.
  if (
    knownUid === undefined &&
    compareBooking(found, asFormerBooking(first), comparer).booking === null
  )
    return compareBooking([], latest, comparer);
  const previousUid = knownUid === uidOf(latest) ? (uids.at(-2) ?? null) : (knownUid ?? null);
  const linked = { ...latest.change, refs: { ...refsOf(latest), previousUid } };
  const comparison = compareBooking(found, { ...latest, change: linked }, comparer);
  const unknown = uids.filter((uid) => !knows(found, uid));
  if (comparison.outcome === "differs" || unknown.length === 0) return comparison;
  const ids = { name: "external_refs", before: null, after: unknown };
  const { booking } = comparison;
  return {
    outcome: "differs",
    kind: "different",
    booking,
    fields: [ids],
    changes: [],
    obstacle: null,
  };
}

/**
 * The ids in the order in which they lead to one booking: back from the first that the ledger
 * knows, then on from there, so that each is told together with one that is known. The latest one
 * is among them only when no other is known: it is told at the end in any case.
 */
function linksToTell(
  found: readonly Booking[],
  chain: readonly ReportedBooking[],
): readonly ReportedBooking[] {
  const former = chain.slice(0, -1).map(asFormerBooking);
  const latest = chain.slice(-1);
  const at = former.findIndex((one) => knows(found, uidOf(one)));
  if (at >= 0) return [...former.slice(0, at + 1).toReversed(), ...former.slice(at + 1)];
  const isKnown = latest.some((one) => knows(found, uidOf(one)));
  return isKnown ? [...latest, ...former.toReversed()] : former;
}

/** Whether one booking goes by an id and by the one before it. */
function knowsLink(found: readonly Booking[], booking: ReportedBooking): boolean {
  const { uid, previousUid } = refsOf(booking);
  return found.some(
    (one) => knows([one], uid) && (previousUid === null || knows([one], previousUid)),
  );
}

type Difference = Extract<Comparison, { outcome: "differs" }>;

/** Puts a difference right, unless it only looks or cannot; says what became of it. */
async function settle(
  work: Reconciling,
  booking: ReportedBooking,
  comparison: Comparison,
): Promise<Finding | null> {
  if (comparison.outcome === "same") return null;
  const finding = findingOf(booking, comparison, comparison.obstacle);
  if (work.dryRun) return { ...finding, outcome: "found" };
  if (comparison.obstacle !== null) return finding;
  const { refusal, warnings } = await repair(work, booking, comparison);
  const [found = []] = await lookUp(work, [refsOf(booking)]);
  const bookingId = found[0]?.id ?? comparison.booking?.id ?? null;
  if (refusal !== null) return { ...finding, bookingId, reason: inSentences(refusal, warnings) };
  const comparer = { connection: work.connection, now: work.deps.clock.now(), hasWritten: true };
  const after = compareBooking(found, booking, comparer);
  if (after.outcome === "same") {
    const reason = inSentences(null, warnings);
    return { ...finding, bookingId, outcome: "repaired", reason };
  }
  const { fields } = after;
  return {
    ...finding,
    bookingId,
    fields,
    reason: inSentences(after.obstacle ?? "It differs still after it was put right.", warnings),
  };
}

function findingOf(
  booking: ReportedBooking,
  comparison: Comparison | null,
  reason: string | null,
): Finding {
  const difference = comparison?.outcome === "differs" ? comparison : null;
  return {
    uid: uidOf(booking),
    bookingId: comparison?.booking?.id ?? null,
    label: booking.label,
    kind: difference?.kind ?? "different",
    outcome: "open",
    fields: difference?.fields ?? [],
    reason,
  };
}

/** What became of the changes that were to put a booking right. */
interface Repaired {
  /** Why the ledger refused one; null when it took all of them. */
  readonly refusal: string | null;
  /** What people are to be told of the customer and the pet that the source names. */
  readonly warnings: readonly string[];
}

/** Warnings, each once, and the reason after them; null for none. */
function inSentences(reason: string | null, warnings: readonly string[]): string | null {
  const parts = warnings.filter((warning) => reason?.includes(warning) !== true);
  return [...new Set(parts), ...(reason === null ? [] : [reason])].join(" ") || null;
}

async function repair(
  { deps, connection }: Reconciling,
  booking: ReportedBooking,
  { changes }: Difference,
): Promise<Repaired> {
  const warnings: string[] = [];
  for (const change of changes) {
    const result = await recordOrNull(deps, connection, booking, change);
    if (result?.warning !== undefined) warnings.push(result.warning);
    if (result?.action === "refused") return { refusal: result.reason, warnings };
  }
  return { refusal: null, warnings };
}

/** What the ledger cannot place (a word on somebody who is gone by now) is left out. */
async function recordOrNull(
  deps: ReconcileDeps,
  connection: SourceConnection,
  booking: ReportedBooking,
  change: Difference["changes"][number],
): Promise<RecordResult | null> {
  try {
    return await record(deps, {
      orgId: connection.orgId,
      change: bookingChange(change, connection),
      sourceKind: connection.kind,
      message: null,
      ...(booking.named === undefined ? {} : { named: booking.named }),
    });
  } catch (error) {
    if (error instanceof SlotwireError && error.code === "E_BOOKING_UNKNOWN") return null;
    throw error;
  }
}
