import type { Principal } from "../access/principal.ts";
import type { Author } from "../access/record-audit.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";

/** What the verbs of this room work with. */
export interface FeedDeps {
  readonly db: Database;
  readonly clock: Clock;
}

/** Who makes, lists or ends feeds. */
export interface FeedCaller {
  readonly principal: Principal;
  readonly author: Author;
  /** The person whose own feeds alone it is about; null for all of the organisation's. */
  readonly ownedBy: string | null;
}
