import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { type Database, tenant } from "../../db/database.ts";
import { loggableError } from "../../db/loggable-error.ts";
import type { ErrorCode } from "../../errors.ts";
import type { SourceConnection } from "./source-connection.ts";

/** Each process writes at most once in this time, per connection. Milliseconds. */
const INTERVAL = 10_000;
const MAX_REMEMBERED = 1_000;

/**
 * Notes on connections that their messages are refused, and why, so that whoever sets one up can
 * see it. However many are refused, the database hears of it once in ten seconds.
 */
export class RefusalNotes {
  readonly #deps: { readonly db: Database; readonly clock: Clock; readonly log: Logger };
  readonly #notedAt = new Map<string, number>();

  constructor(deps: { readonly db: Database; readonly clock: Clock; readonly log: Logger }) {
    this.#deps = deps;
  }

  /** Never throws: whether the note could be written changes nothing for the source. */
  async note({ orgId, id }: SourceConnection, code: ErrorCode): Promise<void> {
    const { db, clock, log } = this.#deps;
    const now = clock.now();
    const before = this.#notedAt.get(id);
    if (before !== undefined && now.getTime() < before + INTERVAL) return;
    if (this.#notedAt.size >= MAX_REMEMBERED) this.#notedAt.clear();
    this.#notedAt.set(id, now.getTime());
    try {
      await db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `UPDATE connection SET last_refused_at = $3, last_refusal = $4
            WHERE org_id = $1 AND id = $2`,
          [orgId, id, now, code],
        ),
      );
    } catch (error) {
      log.warn({ connection: id, err: loggableError(error) }, "a refusal could not be noted");
    }
  }
}
