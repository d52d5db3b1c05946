import type { TaskResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showTask } from "../domain/views/show-crm.ts";
import type { View } from "../domain/views/view.ts";
import { type Bind, type CrmPosition, ofOwnBooking, pageOf } from "./crm-queries.ts";
import { selectTasks } from "./select-tasks.ts";

/** Which tasks to list. A field that is absent does not narrow the list. */
export interface TaskFilter {
  readonly status?: TaskResource["status"] | undefined;
  /** Those that are still to be done, also what was due long ago. */
  readonly upcoming?: boolean | undefined;
  readonly bookingId?: string | undefined;
}

/**
 * Lists what is to be done and what was, as the view shows it: what is due first comes first, and
 * so does what is overdue.
 * @param after position of the last task of the page before; null for the first page
 * @returns at most `limit` tasks, and the position to go on from, or null on the last page
 */
export async function listTasks(
  { db }: { readonly db: Database },
  view: View,
  { status, upcoming = false, bookingId }: TaskFilter,
  { limit, after }: { readonly limit: number; readonly after: CrmPosition | null },
): Promise<{ tasks: TaskResource[]; next: CrmPosition | null }> {
  const values: unknown[] = [view.orgId];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const conditions = ofOwnBooking(view, "t.booking_id", bind);
  if (upcoming) conditions.push("t.status IN ('todo', 'in_progress')");
  if (status !== undefined) conditions.push(`t.status = ${bind(status)}`);
  if (bookingId !== undefined) conditions.push(`t.booking_id = ${bind(bookingId)}`);
  if (after !== null) {
    const [at, id] = [`${bind(after[0])}::timestamptz`, `${bind(after[1])}::uuid`];
    conditions.push(`(t.due_at, t.id) > (${at}, ${id})`);
  }
  const rows = await db.transaction(tenant(view.orgId, view.own), (tx) =>
    selectTasks(tx, view, conditions, { values, limit: limit + 1 }),
  );
  const { shown, next } = pageOf(rows, limit, ({ task }) => task.id);
  return { tasks: shown.map(({ task, people }) => showTask(task, view.detail, people)), next };
}
