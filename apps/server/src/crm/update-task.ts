import type { TaskResource, UpdateTask } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import type { Clock } from "../clock.ts";
import { type Database, tenant, type Transaction } from "../db/database.ts";
import { showTask } from "../domain/views/show-crm.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import { type Bind, ofOwnBooking } from "./crm-queries.ts";
import { selectTasks, type TaskToShow } from "./select-tasks.ts";

/**
 * Says that a task is done, or that it is to be done again. Rules leave alone what a person has
 * finished; what is opened again they keep as before, unless they had cancelled it. What is so
 * already is not changed.
 * @param view what they may change
 * @throws SlotwireError E_NOT_FOUND when the view has no such task
 */
export async function updateTask(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  { view, author }: { readonly view: View; readonly author: Author },
  id: string,
  { status }: UpdateTask,
): Promise<TaskResource> {
  const now = clock.now();
  const { task, people } = await db.transaction(tenant(view.orgId, view.own), async (tx) => {
    const before = await readTask(tx, view, id);
    const change = status === "done" ? finishTask : reopenTask;
    if (await change(tx, view.orgId, id, now)) {
      const action = status === "done" ? "task.completed" : "task.reopened";
      const old = { status: before.task.status };
      await recordAudit(tx, { ...author, at: now, action, entityId: id, old, new: { status } });
    }
    // Somebody else may have been faster.
    return readTask(tx, view, id);
  });
  return showTask(task, view.detail, people);
}

async function readTask(tx: Transaction, view: View, id: string): Promise<TaskToShow> {
  const values: unknown[] = [view.orgId, id];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const conditions = ["t.id = $2", ...ofOwnBooking(view, "t.booking_id", bind)];
  const [row] = await selectTasks(tx, view, conditions, { values, limit: 1 });
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}

type Change = (tx: Transaction, orgId: string, id: string, now: Date) => Promise<boolean>;

/** What a rule had cancelled becomes the person's. @returns whether it was not done yet */
const finishTask: Change = async (tx, orgId, id, now) => {
  const rows = await tx.query(
    `UPDATE task SET status = 'done', hand_edited = hand_edited OR status = 'cancelled',
        updated_at = $3
      WHERE org_id = $1 AND id = $2 AND status <> 'done'
      RETURNING id`,
    [orgId, id, now],
  );
  return rows.length > 0;
};

/** @returns whether it was not open yet */
const reopenTask: Change = async (tx, orgId, id, now) => {
  const [row] = await tx.query<{ is_changed: boolean }>(
    "SELECT reopen_task($1, $2, $3) AS is_changed",
    [orgId, id, now],
  );
  return row?.is_changed === true;
};
