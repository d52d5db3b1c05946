import type { Clock } from "../../clock.ts";
import { type Database, system } from "../../db/database.ts";
import type { SecretBox } from "../../db/secret-box.ts";
import {
  openConnection,
  type SourceConnection,
  type SourceConnectionRow,
} from "./source-connection.ts";

/** How long a connection is remembered, in milliseconds. */
const LIFETIME = 5_000;
/** More are forgotten at once: a hub has a handful. */
const MAX_REMEMBERED = 1_000;

/** Which connection a message is for: by its id, or the organisation's own one of a kind. */
export type ConnectionAddress =
  | { readonly id: string }
  | { readonly orgId: string; readonly kind: string };

interface Remembered {
  readonly connection: SourceConnection;
  readonly until: number;
}

/**
 * Finds the connections that messages come through. It remembers them for five seconds, with
 * their secrets open, because opening them for every message would cost more than the ledger.
 * Whoever changes a connection in this process says so by `forget`.
 */
export class ConnectionDirectory {
  readonly #deps: { readonly db: Database; readonly clock: Clock; readonly secretBox: SecretBox };
  readonly #remembered = new Map<string, Remembered>();
  #changes = 0;

  constructor(deps: {
    readonly db: Database;
    readonly clock: Clock;
    readonly secretBox: SecretBox;
  }) {
    this.#deps = deps;
  }

  /**
   * @param options `fresh` asks the database in any case
   * @returns null when there is no such connection; by its id a removed one is found too
   * @throws SlotwireError E_SECRET_UNREADABLE
   */
  async find(
    address: ConnectionAddress,
    options: { readonly fresh: boolean } = { fresh: false },
  ): Promise<SourceConnection | null> {
    const key = "id" in address ? address.id : `${address.orgId} ${address.kind}`;
    const now = this.#deps.clock.now().getTime();
    const known = this.#remembered.get(key);
    if (!options.fresh && known !== undefined && known.until > now) return known.connection;
    const changes = this.#changes;
    const connection = await this.#load(address);
    // What was read before a change must not outlive it.
    if (changes !== this.#changes) return connection;
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    if (connection === null) this.#remembered.delete(key);
    else this.#remembered.set(key, { connection, until: now + LIFETIME });
    return connection;
  }

  /** Forgets everything, because a connection has changed. Call it after the commit. */
  forget(): void {
    this.#changes += 1;
    this.#remembered.clear();
  }

  async #load(address: ConnectionAddress): Promise<SourceConnection | null> {
    const rows = await this.#deps.db.transaction(system, (tx) =>
      "id" in address
        ? tx.query<SourceConnectionRow>(`${selectConnection} WHERE c.id = $1`, [address.id])
        : tx.query<SourceConnectionRow>(
            `${selectConnection}
              WHERE c.org_id = $1 AND c.kind = $2 AND c.origin <> 'demo' AND c.removed_at IS NULL
              ORDER BY c.origin = 'environment' DESC, c.created_at, c.id LIMIT 1`,
            [address.orgId, address.kind],
          ),
    );
    const row = rows[0];
    return row === undefined ? null : openConnection(row, this.#deps.secretBox);
  }
}

const selectConnection = `
  SELECT c.id, c.org_id, c.kind, c.name, c.status, c.removed_at, o.time_zone, c.auth_modes,
         c.secret_sealed, c.previous_secret_sealed, c.previous_secret_until, c.url_token_hash,
         c.previous_url_token_hash, c.previous_url_token_until, c.allowed_ranges,
         c.messages_per_minute, c.settings, c.api_url, c.api_key_sealed
    FROM connection c JOIN organisation o ON o.id = c.org_id`;
