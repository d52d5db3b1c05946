import type { List, TaskListQuery, TaskResource, UpdateTask } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface TasksApi {
  /** What people have to do. */
  list(
    query?: Omit<TaskListQuery, "limit"> & { readonly limit?: number },
  ): Promise<List<TaskResource>>;
  /** Done, or open again. */
  update(id: string, change: UpdateTask): Promise<TaskResource>;
}

export function tasksApi(transport: Transport): TasksApi {
  const path = "/api/v1/tasks";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    update: (id, body) => transport.json("PATCH", `${path}/${encodeURIComponent(id)}`, { body }),
  };
}
