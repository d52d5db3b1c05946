import { tenant } from "../db/database.ts";
import { bookingChange } from "./compare-booking.ts";
import type { Finding } from "./finding.ts";
import { type Compared, reconcileBookings, type Reconciling } from "./reconcile-bookings.ts";
import { record } from "../ledger/record.ts";
import type { ClaimedRun, Stage } from "./run-row.ts";
import type { Step } from "./write-step.ts";

/** Bookings that are asked for one by one in a step. */
const BATCH = 10;
/** Bookings that a list should have had, and had not: more than so many are not asked for. */
const MAX_UNLISTED = 500;
/** Where the source has no list, every booking has to be asked for. */
const MAX_WITHOUT_LIST = 2_000;
/** Absence counts when it was seen twice, an hour apart. ms */
const GONE_AFTER = 60 * 60_000;

const to = (stage: Stage, cursor: string | null = null): Step["next"] => ({ stage, cursor });

/** Does the next step of a run. @throws SourceApiError */
export function takeStep(work: Reconciling, run: ClaimedRun): Promise<Step> {
  switch (run.stage) {
    case "listed":
      return run.uid === null && run.series_ref === null
        ? listedStep(work, run)
        : askedStep(work, run);
    case "unlisted":
      return unlistedStep(work, run);
    case "gone":
      return goneStep(work, run);
  }
}

/** A page of what the source lists. */
async function listedStep(work: Reconciling, run: ClaimedRun): Promise<Step> {
  if (work.api.listBookings === undefined) return { ...nothing, next: to("unlisted") };
  const window = { from: run.window_from, to: run.window_to };
  const page = await work.api.listBookings(window, run.cursor);
  const compared = await reconcileBookings(work, page.bookings);
  const unreadable = (page.unreadable ?? []).map(({ uid, reason }): Finding => ({
    uid,
    bookingId: null,
    label: uid ?? "A booking without an id",
    kind: "unreadable",
    outcome: "open",
    fields: [],
    reason: `The source tells of it in a form that is not known: ${reason}.`,
  }));
  const heard = unreadable.flatMap(({ uid }) => (uid === null ? [] : [uid]));
  return {
    ...compared,
    findings: [...compared.findings, ...unreadable],
    seen: [...compared.seen, ...heard],
    next: page.next === null ? to("unlisted") : to("listed", page.next),
  };
}

/** What a message asked for: a booking by its uid, the rest of its series, or a series. */
async function askedStep(work: Reconciling, run: ClaimedRun): Promise<Step> {
  const { api } = work;
  const one = run.uid === null ? null : await api.getBooking(run.uid);
  const series = run.series_ref ?? one?.change.fields.seriesRef ?? null;
  const others = series === null ? [] : ((await api.getSeries?.(series)) ?? []);
  const uids = new Set(others.map(({ change }) => change.refs?.uid));
  const isAmongThem = one === null || uids.has(one.change.refs?.uid ?? "");
  const compared = await reconcileBookings(work, isAmongThem ? others : [one, ...others]);
  return { ...compared, next: to("unlisted") };
}

const nothing: Compared = { checked: 0, findings: [], seen: [], lookups: 0 };

interface Unlisted {
  readonly id: string;
  readonly uid: string;
  readonly title: string;
  readonly booking_number: number;
  readonly status: string;
}

/**
 * Some of the ledger's bookings that the list did not tell of: each is asked for. That it was not
 * listed says nothing by itself.
 */
async function unlistedStep(work: Reconciling, run: ClaimedRun): Promise<Step> {
  const limit = work.api.listBookings === undefined ? MAX_WITHOUT_LIST : MAX_UNLISTED;
  const rows = await selectUnlisted(work, run);
  const last = rows.at(-1);
  if (last === undefined) return { ...nothing, next: to("gone") };
  if (run.lookups >= limit) return { ...nothing, findings: [tooMany(limit)], next: to("gone") };
  const steps: Compared[] = [];
  for (const row of rows) steps.push(await askFor(work, row));
  return {
    checked: steps.reduce((sum, { checked }) => sum + checked, 0),
    findings: steps.flatMap(({ findings }) => findings),
    seen: steps.flatMap(({ seen }) => seen),
    lookups: steps.reduce((sum, { lookups }) => sum + lookups, 0),
    next: to("unlisted", last.id),
  };
}

function tooMany(limit: number): Finding {
  return {
    uid: null,
    bookingId: null,
    label: "Further bookings",
    kind: "unreadable",
    outcome: "open",
    fields: [],
    reason: `More than ${limit} bookings of the hub are not in the source's list. The rest was not compared: check that the key is of the account that takes these bookings, or choose a shorter window.`,
  };
}

function selectUnlisted({ deps }: Reconciling, run: ClaimedRun): Promise<Unlisted[]> {
  const { org_id, id, connection_id, window_from, window_to, series_ref, uid, cursor } = run;
  return deps.db.transaction(tenant(org_id), (tx) =>
    tx.query<Unlisted>(
      `SELECT b.id, r.external_id AS uid, b.title, b.booking_number, b.status
         FROM booking b
         JOIN booking_external_ref r ON r.org_id = b.org_id AND r.booking_id = b.id
        WHERE b.org_id = $1 AND b.owner_connection_id = $3 AND b.deleted_at IS NULL
          AND r.connection_id = $3 AND r.kind = 'uid' AND r.superseded_at IS NULL
          AND ($8::uuid IS NULL OR b.id > $8)
          AND CASE WHEN $6::text IS NOT NULL THEN b.series_ref = $6
                   WHEN $7::text IS NOT NULL THEN r.external_id = $7
                   ELSE b.starts_at >= $4 AND b.starts_at < $5 END
          AND NOT EXISTS (
            SELECT FROM reconcile_seen s
             WHERE s.org_id = b.org_id AND s.run_id = $2 AND s.uid = r.external_id)
        ORDER BY b.id LIMIT ${BATCH}`,
      [org_id, id, connection_id, window_from, window_to, series_ref, uid, cursor],
    ),
  );
}

async function askFor(work: Reconciling, row: Unlisted): Promise<Compared> {
  const booking = await work.api.getBooking(row.uid);
  if (booking !== null) {
    const compared = await reconcileBookings(work, [booking]);
    return { ...compared, lookups: compared.lookups + 1 };
  }
  const isOver = row.status === "cancelled" || row.status === "rejected";
  const findings = isOver ? [] : [gone(work, row)];
  return { checked: 1, findings, seen: [row.uid], lookups: 1 };
}

function gone({ dryRun }: Reconciling, { uid, id, title }: Unlisted): Finding {
  return {
    uid,
    bookingId: id,
    label: title === "" ? uid : title,
    kind: "gone",
    outcome: dryRun ? "found" : "open",
    fields: [],
    reason:
      "The source does not know it. It stays here until a run finds it gone again, an hour later or more.",
  };
}

/**
 * What was gone before and is gone again is cancelled: a source that forgot a booking never tells
 * so by a message. Many at once are a wrong key or address: then nothing is touched.
 */
async function goneStep(work: Reconciling, run: ClaimedRun): Promise<Step> {
  const rows = await selectGoneAgain(work, run);
  const isMuch = rows.count > Math.max(3, run.checked / 20);
  if (isMuch) await tellOfMany(work, run, rows.count);
  else if (!work.dryRun) for (const row of rows.again) await cancelGone(work, run, row);
  return { ...nothing, next: null };
}

/** None of so many is ever cancelled by a run: their findings must not promise it. */
async function tellOfMany({ deps }: Reconciling, run: ClaimedRun, count: number): Promise<void> {
  const reason = `The source does not know ${count} bookings at once. None of so many is cancelled here: check that the key and the address are of the account that takes these bookings.`;
  await deps.db.transaction(tenant(run.org_id), (tx) =>
    tx.query(
      `UPDATE reconcile_finding SET reason = $3
        WHERE org_id = $1 AND run_id = $2 AND kind = 'gone' AND outcome IN ('open', 'found')`,
      [run.org_id, run.id, reason],
    ),
  );
}

interface GoneAgain {
  readonly id: string;
  readonly booking_id: string;
  readonly uid: string;
}

async function selectGoneAgain(
  { deps }: Reconciling,
  run: ClaimedRun,
): Promise<{ count: number; again: GoneAgain[] }> {
  const before = new Date(deps.clock.now().getTime() - GONE_AFTER);
  const rows = await deps.db.transaction(tenant(run.org_id), (tx) =>
    tx.query<GoneAgain & { readonly is_again: boolean }>(
      `SELECT f.id, f.booking_id, f.uid, EXISTS (
                SELECT FROM reconcile_finding earlier
                 WHERE earlier.org_id = f.org_id AND earlier.booking_id = f.booking_id
                   AND earlier.kind = 'gone' AND earlier.run_id <> f.run_id
                   AND earlier.created_at <= $3) AS is_again
         FROM reconcile_finding f
        WHERE f.org_id = $1 AND f.run_id = $2 AND f.kind = 'gone'
          AND f.outcome IN ('open', 'found')
        ORDER BY f.id`,
      [run.org_id, run.id, before],
    ),
  );
  return { count: rows.length, again: rows.filter(({ is_again }) => is_again) };
}

async function cancelGone(
  { deps, connection }: Reconciling,
  run: ClaimedRun,
  { id, uid }: GoneAgain,
): Promise<void> {
  const now = deps.clock.now();
  const change = {
    kind: "cancelled" as const,
    status: "cancelled" as const,
    refs: { uid, previousUid: null, icalUid: null },
    occurredAt: now.toISOString(),
    sourceSequence: null,
    sourceStatus: null,
    statusReason: "gone_at_source",
    cancelledBy: null,
    fields: {},
  };
  await record(deps, {
    orgId: connection.orgId,
    change: bookingChange(change, connection),
    sourceKind: connection.kind,
    message: null,
  });
  await deps.db.transaction(tenant(run.org_id), async (tx) => {
    await tx.query(
      `UPDATE reconcile_finding SET outcome = 'repaired', reason = $3
        WHERE org_id = $1 AND id = $2`,
      [
        run.org_id,
        id,
        "The source did not know it twice, an hour apart or more: it was cancelled here.",
      ],
    );
    await tx.query(
      `UPDATE reconcile_run SET repaired = repaired + 1, still_different = still_different - 1
        WHERE org_id = $1 AND id = $2`,
      [run.org_id, run.id],
    );
  });
}
