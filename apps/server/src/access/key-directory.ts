import type { Role, Scope } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, type Statement, system, tenant } from "../db/database.ts";
import type { Wake } from "../db/wake.ts";
import type { ApiKeyKind, ReadApiKey } from "./api-key-format.ts";
import { can } from "./can.ts";
import type { Principal } from "./principal.ts";
import { ShortCache } from "./short-cache.ts";

/** A key that is not revoked, as it is needed to let a request in. */
export interface LiveKey {
  readonly orgId: string;
  readonly id: string;
  readonly name: string;
  readonly kind: ApiKeyKind;
  readonly role: "admin" | "developer";
  readonly scopes: readonly Scope[];
  readonly allowedRanges: readonly string[] | null;
  readonly allowedOrigins: readonly string[] | null;
  readonly requestsPerMinute: number;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface KeyDirectoryDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly wake: Wake;
}

interface KeyRow {
  org_id: string;
  id: string;
  name: string;
  kind: ApiKeyKind;
  role: "admin" | "developer";
  scopes: Scope[];
  allowed_ranges: string[] | null;
  allowed_origins: string[] | null;
  requests_per_minute: number;
  expires_at: Date | null;
  last_used_at: Date | null;
  maker_role: Role | null;
}

const columns = `k.org_id, k.id, k.name, k.kind, k.role, k.scopes, k.allowed_ranges,
       k.allowed_origins, k.requests_per_minute, k.expires_at, k.last_used_at,
       m.role AS maker_role`;
const tables = `api_key k
       LEFT JOIN app_user u ON u.id = k.created_by AND u.disabled_at IS NULL
       LEFT JOIN membership m ON m.org_id = k.org_id AND m.user_id = u.id`;

const byHash: Statement = {
  name: "access_key_by_hash",
  text: `SELECT ${columns} FROM ${tables} WHERE k.key_hash = $1 AND k.revoked_at IS NULL`,
};
const byId: Statement = {
  name: "access_key_by_id",
  text: `SELECT ${columns} FROM ${tables}
          WHERE k.org_id = $1 AND k.id = $2 AND k.revoked_at IS NULL`,
};
const originStatement: Statement = {
  name: "access_key_origin",
  text: `SELECT org_id FROM api_key
          WHERE kind = 'publishable' AND $1 = ANY (allowed_origins) AND revoked_at IS NULL
            AND (expires_at IS NULL OR expires_at > $2)`,
};

/** How long a look-up counts: by then at the latest every node knows of a revocation. */
const LIFETIME = 5_000;
/** How stale the note of a key's last use may be: one write a minute is enough. */
const USE_PRECISION = 60_000;

/**
 * Finds keys, and remembers them for a moment, so that a key does not cost every request a query.
 * The node that revokes a key forgets it at once and signals the others.
 */
export class KeyDirectory {
  readonly #deps: KeyDirectoryDeps;
  readonly #byHash: ShortCache<LiveKey | null>;
  readonly #byId: ShortCache<LiveKey | null>;
  readonly #origins: ShortCache<ReadonlySet<string>>;
  /** By key: when its use was noted last. Milliseconds since 1970. */
  readonly #noted = new Map<string, number>();

  constructor(deps: KeyDirectoryDeps) {
    this.#deps = deps;
    this.#byHash = new ShortCache(deps.clock, LIFETIME);
    this.#byId = new ShortCache(deps.clock, LIFETIME);
    this.#origins = new ShortCache(deps.clock, LIFETIME);
    deps.wake.on("keys", () => this.#forget());
  }

  /** @returns null when the key is unknown or revoked; it may have expired */
  find({ hash }: ReadApiKey): Promise<LiveKey | null> {
    return this.#byHash.get(hash.toString("base64"), () => this.#read(byHash, [hash]));
  }

  /** The same, for what was made with a key. */
  get(orgId: string, id: string): Promise<LiveKey | null> {
    return this.#byId.get(`${orgId} ${id}`, () => this.#read(byId, [orgId, id]));
  }

  /** The organisations with a publishable key that names `origin`. */
  orgsOfOrigin(origin: string): Promise<ReadonlySet<string>> {
    const { db, clock } = this.#deps;
    return this.#origins.get(origin, async () => {
      const rows = await db.transaction(system, (tx) =>
        tx.query<{ org_id: string }>(originStatement, [origin, clock.now()]),
      );
      return new Set(rows.map((row) => row.org_id));
    });
  }

  /** Call it after the commit that revoked a key, or made one. */
  changed(): void {
    this.#forget();
    this.#deps.wake.signal("keys");
  }

  /** Notes when and from where a key was used last, at most once a minute. */
  async noteUse(key: LiveKey, address: string): Promise<void> {
    const { db, clock } = this.#deps;
    const now = clock.now();
    const noted = Math.max(this.#noted.get(key.id) ?? 0, key.lastUsedAt?.getTime() ?? 0);
    if (now.getTime() - noted < USE_PRECISION) return;
    this.#noted.set(key.id, now.getTime());
    await db.transaction(tenant(key.orgId), (tx) =>
      tx.query(
        `UPDATE api_key SET last_used_at = $3, last_used_address = $4
          WHERE org_id = $1 AND id = $2 AND (last_used_at IS NULL OR last_used_at <= $5)`,
        [key.orgId, key.id, now, address, new Date(now.getTime() - USE_PRECISION)],
      ),
    );
  }

  async #read(statement: Statement, values: readonly unknown[]): Promise<LiveKey | null> {
    const [row] = await this.#deps.db.transaction(system, (tx) =>
      tx.query<KeyRow>(statement, values),
    );
    return row === undefined || isOrphan(row) ? null : liveKey(row);
  }

  #forget(): void {
    this.#byHash.clear();
    this.#byId.clear();
    this.#origins.clear();
  }
}

/**
 * A developer's key is that person's own and ends when they may have none any more; an
 * organisation's key stays when the admin who made it leaves.
 */
function isOrphan({ role, maker_role: maker }: KeyRow): boolean {
  if (role !== "developer") return false;
  return maker === null || !can({ role: maker, scopes: null }, "keys:manage");
}

function liveKey(row: KeyRow): LiveKey {
  return {
    orgId: row.org_id,
    id: row.id,
    name: row.name,
    kind: row.kind,
    role: row.role,
    scopes: row.scopes,
    allowedRanges: row.allowed_ranges,
    allowedOrigins: row.allowed_origins,
    requestsPerMinute: row.requests_per_minute,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

/** The holder of a secret key, as routes see it. */
export function keyPrincipal({ orgId, id, name, role, scopes }: LiveKey): Principal {
  return {
    kind: "api_key",
    id,
    name,
    role,
    orgId,
    scopes,
    providerEmail: null,
    hideContacts: false,
    session: null,
  };
}
