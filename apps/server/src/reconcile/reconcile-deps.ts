import type { InboxDeps } from "../inbox/inbox-deps.ts";
import type { ConnectionDirectory } from "../inbox/connections/connection-directory.ts";

/** What the verbs and the worker of this room work with. */
export interface ReconcileDeps extends Pick<
  InboxDeps,
  "db" | "clock" | "wake" | "log" | "connectors" | "fetchSource"
> {
  readonly connections: ConnectionDirectory;
}
