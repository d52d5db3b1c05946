import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Connector } from "../connectors/connector.ts";
import type { Database } from "../db/database.ts";
import type { SecretBox } from "../db/secret-box.ts";
import type { Wake } from "../db/wake.ts";

/** What the verbs of this room work with. */
export interface InboxDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly wake: Wake;
  readonly log: Logger;
  readonly secretBox: SecretBox;
  /** By kind. */
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Calls the APIs of sources: `network/source-fetch.ts`. */
  readonly fetchSource: typeof fetch;
  /** Whether they may be called there: `refusedAddress` of the same. */
  readonly refusedSourceAddress: (address: string) => Promise<string | null>;
}
