import type { List, TaskListQuery, TaskResource, UpdateTask } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface TasksApi {
  /** What people have to do. */
  list(
    query?: Omit<TaskListQuery, "limit"> & { readonly limit?: number },
  ): Promise<List<TaskResource>>;
  /** Done, or open again. */
  update(id: string, change: UpdateTask): Promise<TaskResource>;
}

export const tasksCalls: Calls<TasksApi> = { list: "GET?", update: "PATCH/:!" };
