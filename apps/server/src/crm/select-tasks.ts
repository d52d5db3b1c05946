import type { TaskResource } from "@slotwire/contract";
import type { Queryable } from "../db/database.ts";
import type { CrmPeople } from "../domain/views/show-crm.ts";
import type { View } from "../domain/views/view.ts";
import { positionOf, recordsOf } from "./crm-queries.ts";

/** A task as it is stored, and what is needed to show it. */
export interface TaskToShow {
  readonly task: TaskResource;
  readonly people: CrmPeople | null;
  readonly position: string;
}

/**
 * Reads tasks, what is due first first.
 * @param tx in the view's scope
 * @param conditions on the task `t`; `$1` is the organisation
 */
export function selectTasks(
  tx: Queryable,
  view: View,
  conditions: readonly string[],
  { values, limit }: { readonly values: readonly unknown[]; readonly limit: number },
): Promise<TaskToShow[]> {
  const { lead, contact, people, joins } = recordsOf(view, "t");
  return tx.query<TaskToShow>(
    `SELECT jsonb_build_object(
              'id', t.id, 'title', t.title, 'description', t.description,
              'dueDate', rfc3339(t.due_at), 'priority', t.priority, 'status', t.status,
              'late', t.late, 'lead', ${lead}, 'contact', ${contact}, 'booking_id', t.booking_id,
              'updated_at', rfc3339(t.updated_at)) AS task,
            ${people} AS people, ${positionOf("t.due_at")} AS position
       FROM task t
       ${joins}
      WHERE ${["t.org_id = $1", ...conditions].join("\n        AND ")}
      ORDER BY t.due_at, t.id
      LIMIT ${limit}`,
    [...values],
  );
}
