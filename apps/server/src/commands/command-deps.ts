import type { ConnectionDirectory } from "../inbox/connections/connection-directory.ts";
import type { InboxDeps } from "../inbox/inbox-deps.ts";

/** What the verbs of this room work with. */
export interface CommandDeps extends InboxDeps {
  readonly connections: ConnectionDirectory;
}
