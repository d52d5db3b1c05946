import type { InboxDeps } from "../inbox-deps.ts";
import type { ConnectionDirectory } from "./connection-directory.ts";

/** What managing connections works with. */
export interface ConnectionDeps extends Pick<
  InboxDeps,
  "db" | "clock" | "secretBox" | "connectors" | "refusedSourceAddress"
> {
  /** Of this process, so that a change counts here at once. */
  readonly connections: ConnectionDirectory;
  readonly config: { readonly publicUrl: string };
}
