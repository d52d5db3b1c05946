import type { Logger } from "pino";
import type { Clock } from "../../clock.ts";
import { type Database, tenant } from "../../db/database.ts";
import { loggableError } from "../../db/loggable-error.ts";
import type { ErrorCode } from "../../errors.ts";
import { openAlert } from "../../alerts/open-alert.ts";
import type { SourceConnection } from "./source-connection.ts";

/** Each process writes the same code at most once in this time, per connection. Milliseconds. */
const INTERVAL = 10_000;
const MAX_REMEMBERED = 1_000;
/** So many messages without a valid proof, and none with one between them, are an alert. */
const ALARMING = 3;
const unproven: readonly ErrorCode[] = ["E_SIGNATURE", "E_SIGNATURE_MISSING"];

interface Note {
  readonly code: ErrorCode;
  readonly at: Date;
}

/** Messages of a connection without a valid proof: those that were written down, and those since. */
interface Tally {
  readonly written: number;
  readonly unwritten: number;
}

/**
 * Notes on connections that their messages are refused, and why, so that whoever sets one up can
 * see it. However many are refused for one reason, the database hears of it once in ten seconds;
 * of another reason it hears at once. A connection has one write under way at most, and the newest
 * note waits for it alone: a source that is refused for many reasons in turn is no load either.
 * The third in a row without a valid proof opens an alert.
 */
export class RefusalNotes {
  readonly #deps: { readonly db: Database; readonly clock: Clock; readonly log: Logger };
  /** By connection; the one noted last at the end. */
  readonly #newest = new Map<string, Note>();
  readonly #writes = new Map<string, Promise<void>>();
  readonly #tallies = new Map<string, Tally>();

  constructor(deps: { readonly db: Database; readonly clock: Clock; readonly log: Logger }) {
    this.#deps = deps;
  }

  /** Never throws: whether the note could be written changes nothing for the source. */
  async note(connection: SourceConnection, code: ErrorCode): Promise<void> {
    const { id } = connection;
    const note: Note = { code, at: this.#deps.clock.now() };
    const before = this.#newest.get(id);
    const isAlarming = this.#count(id, code);
    const isNoted = before?.code === code && note.at.getTime() < before.at.getTime() + INTERVAL;
    if (isNoted && !isAlarming) return;
    this.#remember(id, note);
    await this.#writes.get(id);
    if (this.#newest.get(id) !== note) return;
    const write = this.#write(connection, note).finally(() => this.#writes.delete(id));
    this.#writes.set(id, write);
    await write;
  }

  /** A message of the connection proved itself: those without a valid proof are counted anew. */
  forgive(connectionId: string): void {
    this.#tallies.delete(connectionId);
  }

  /** @returns whether this one makes them alarming */
  #count(id: string, code: ErrorCode): boolean {
    if (!unproven.includes(code)) return false;
    const { written, unwritten } = this.#tallies.get(id) ?? { written: 0, unwritten: 0 };
    if (this.#tallies.size > MAX_REMEMBERED) this.#tallies.clear();
    this.#tallies.set(id, { written, unwritten: unwritten + 1 });
    return written < ALARMING && written + unwritten + 1 >= ALARMING;
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
    const counted = this.#tallies.get(id)?.unwritten ?? 0;
    try {
      const written = await db.transaction(tenant(orgId), async (tx) => {
        const [row] = await tx.query<{ refusal_count: number }>(
          `UPDATE connection c SET last_refused_at = $3, last_refusal = $4,
              refusal_count = $5 + CASE WHEN EXISTS (
                SELECT FROM inbound_message m WHERE m.org_id = c.org_id
                   AND m.connection_id = c.id AND m.received_at > c.last_refused_at)
                THEN 0 ELSE c.refusal_count END
            WHERE c.org_id = $1 AND c.id = $2 RETURNING refusal_count`,
          [orgId, id, note.at, note.code, counted],
        );
        const total = row?.refusal_count ?? 0;
        if (counted > 0 && total >= ALARMING) {
          const alert = { kind: "signatures_failing", params: { total } } as const;
          await openAlert(tx, { ...alert, orgId, connectionId: id, seenAt: note.at });
        }
        return total;
      });
      const since = (this.#tallies.get(id)?.unwritten ?? counted) - counted;
      this.#tallies.set(id, { written, unwritten: since });
    } catch (error) {
      // The next refusal tries again.
      if (this.#newest.get(id) === note) this.#newest.delete(id);
      log.warn({ connection: id, err: loggableError(error) }, "a refusal could not be noted");
    }
  }
}
