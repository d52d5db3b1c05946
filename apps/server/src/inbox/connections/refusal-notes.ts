import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { type Database, tenant } from "../../db/database.ts";
import { loggableError } from "../../db/loggable-error.ts";
import type { ErrorCode } from "../../errors.ts";
import type { SourceConnection } from "./source-connection.ts";

/** Each process writes the same code at most once in this time, per connection. Milliseconds. */
const INTERVAL = 10_000;
const MAX_REMEMBERED = 1_000;

interface Note {
  readonly code: ErrorCode;
  readonly at: Date;
}

/**
 * Notes on connections that their messages are refused, and why, so that whoever sets one up can
 * see it. However many are refused for one reason, the database hears of it once in ten seconds;
 * of another reason it hears at once. A connection has one write under way at most, and the newest
 * note waits for it alone: a source that is refused for many reasons in turn is no load either.
 */
export class RefusalNotes {
  readonly #deps: { readonly db: Database; readonly clock: Clock; readonly log: Logger };
  /** By connection; the one noted last at the end. */
  readonly #newest = new Map<string, Note>();
  readonly #writes = new Map<string, Promise<void>>();

  constructor(deps: { readonly db: Database; readonly clock: Clock; readonly log: Logger }) {
    this.#deps = deps;
  }

  /** Never throws: whether the note could be written changes nothing for the source. */
  async note(connection: SourceConnection, code: ErrorCode): Promise<void> {
    const { id } = connection;
    const note: Note = { code, at: this.#deps.clock.now() };
    const before = this.#newest.get(id);
    if (before?.code === code && note.at.getTime() < before.at.getTime() + INTERVAL) return;
    this.#remember(id, note);
    await this.#writes.get(id);
    if (this.#newest.get(id) !== note) return;
    const write = this.#write(connection, note).finally(() => this.#writes.delete(id));
    this.#writes.set(id, write);
    await write;
  }

  #remember(id: string, note: Note): void {
    this.#newest.delete(id);
    this.#newest.set(id, note);
    if (this.#newest.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined) this.#newest.delete(oldest);
  }

  async #write({ orgId, id }: SourceConnection, note: Note): Promise<void> {
    const { db, log } = this.#deps;
    try {
      await db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `UPDATE connection SET last_refused_at = $3, last_refusal = $4
            WHERE org_id = $1 AND id = $2`,
          [orgId, id, note.at, note.code],
        ),
      );
    } catch (error) {
      // The next refusal tries again.
      if (this.#newest.get(id) === note) this.#newest.delete(id);
      log.warn({ connection: id, err: loggableError(error) }, "a refusal could not be noted");
    }
  }
}
