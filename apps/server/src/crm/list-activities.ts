import type { ActivityResource } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import { type CrmPeople, showActivity } from "../domain/views/show-crm.ts";
import type { View } from "../domain/views/view.ts";
import {
  type Bind,
  type CrmPosition,
  ofOwnBooking,
  pageOf,
  positionOf,
  recordsOf,
} from "./crm-queries.ts";

/** What began longer ago is not looked at for what has not ended: no index has ends. */
const LONGEST = "31 days";

/** Which activities to list. A field that is absent does not narrow the list. */
export interface ActivityFilter {
  readonly type?: ActivityResource["type"] | undefined;
  /** Those that are scheduled and have not ended, soonest first; else the latest come first. */
  readonly upcoming?: boolean | undefined;
  readonly leadId?: string | undefined;
  readonly customerId?: string | undefined;
}

interface Row {
  readonly activity: ActivityResource;
  readonly people: CrmPeople | null;
  readonly position: string;
}

/**
 * Lists what was or will be done with customers, as the view shows it.
 * @param after position of the last activity of the page before; null for the first page
 * @returns at most `limit` activities, and the position to go on from, or null on the last page
 */
export async function listActivities(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  view: View,
  filter: ActivityFilter,
  page: { readonly limit: number; readonly after: CrmPosition | null },
): Promise<{ activities: ActivityResource[]; next: CrmPosition | null }> {
  const { orgId, own, detail } = view;
  const values: unknown[] = [orgId];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const conditions = conditionsOf(view, filter, page.after, clock.now(), bind);
  const { lead, contact, people, joins } = recordsOf(view, "a");
  const order = filter.upcoming === true ? "" : " DESC";
  const rows = await db.transaction(tenant(orgId, own), (tx) =>
    tx.query<Row>(
      `SELECT jsonb_build_object(
                'id', a.id, 'type', a.type, 'subject', a.subject, 'description', a.description,
                'activityDate', rfc3339(a.activity_at), 'durationMinutes', a.duration_minutes,
                'status', a.status, 'lead', ${lead}, 'contact', ${contact},
                'booking_id', a.booking_id, 'time_zone', coalesce(b.time_zone, o.time_zone),
                'metadata', a.metadata) AS activity,
              ${people} AS people, ${positionOf("a.activity_at")} AS position
         FROM activity a
         JOIN organisation o ON o.id = a.org_id
         ${joins}
        WHERE ${conditions.join("\n          AND ")}
        ORDER BY a.activity_at${order}, a.id${order}
        LIMIT ${page.limit + 1}`,
      values,
    ),
  );
  const { shown, next } = pageOf(rows, page.limit, ({ activity }) => activity.id);
  return {
    activities: shown.map((row) => showActivity(row.activity, detail, row.people)),
    next,
  };
}

function conditionsOf(
  view: View,
  { type, upcoming = false, leadId, customerId }: ActivityFilter,
  after: CrmPosition | null,
  now: Date,
  bind: Bind,
): string[] {
  const conditions = ["a.org_id = $1", ...ofOwnBooking(view, "a.booking_id", bind)];
  if (type !== undefined) conditions.push(`a.type = ${bind(type)}`);
  if (upcoming) {
    const instant = `${bind(now)}::timestamptz`;
    conditions.push(
      "a.status = 'scheduled'",
      `a.activity_at > ${instant} - interval '${LONGEST}'`,
      `a.activity_at + coalesce(a.duration_minutes, 0) * interval '1 minute' > ${instant}`,
    );
  }
  // Of whom leads are hidden from, nobody finds anything by one.
  if (leadId !== undefined) {
    conditions.push(view.own === null ? `a.lead_id = ${bind(leadId)}` : "false");
  }
  if (customerId !== undefined) conditions.push(`a.customer_id = ${bind(customerId)}`);
  if (after !== null) {
    const [at, id] = [`${bind(after[0])}::timestamptz`, `${bind(after[1])}::uuid`];
    conditions.push(`(a.activity_at, a.id) ${upcoming ? ">" : "<"} (${at}, ${id})`);
  }
  return conditions;
}
