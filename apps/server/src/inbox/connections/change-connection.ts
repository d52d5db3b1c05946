import type { AuditAction, AuthMode, ConnectionResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../../access/record-audit.ts";
import { tenant, type Transaction } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { keepMappingVersion } from "../mappings/mapping-history.ts";
import type { ConnectionDeps } from "./connection-deps.ts";
import { type ConnectionRow, selectConnection, toConnection } from "./connection-row.ts";

/** Columns of a connection that change; what is absent stays. */
export interface ConnectionColumns {
  readonly name?: string;
  readonly status?: "active" | "paused";
  readonly origin?: "environment" | "user";
  readonly auth_modes?: AuthMode[];
  readonly secret_sealed?: Uint8Array | null;
  readonly previous_secret_sealed?: Uint8Array | null;
  readonly previous_secret_until?: Date | null;
  readonly url_token_hash?: Uint8Array | null;
  readonly previous_url_token_hash?: Uint8Array | null;
  readonly previous_url_token_until?: Date | null;
  readonly allowed_ranges?: string[] | null;
  readonly messages_per_minute?: number;
  /** JSON text. */
  readonly settings?: string;
  readonly api_url?: string | null;
  readonly api_key_sealed?: Uint8Array | null;
  readonly removed_at?: Date;
}

/** What somebody does to a connection, and how the audit log names it. */
export interface ConnectionChange {
  readonly action: Extract<AuditAction, `connection.${string}`>;
  /**
   * Says what changes of the connection, which is locked; null for nothing.
   * @throws SlotwireError to leave everything as it is
   */
  readonly columns: (row: ConnectionRow & SealedColumns) => ConnectionColumns | null;
}

/** What a rotation keeps of the secret and the token before. */
export interface SealedColumns {
  readonly secret_sealed: Uint8Array | null;
  readonly url_token_hash: Uint8Array | null;
}

/**
 * Changes a connection and writes the audit log's line, in one transaction. From its end on the
 * change counts for every message that this process receives.
 * @throws SlotwireError E_NOT_FOUND, and whatever `columns` throws
 */
export async function changeConnection(
  deps: ConnectionDeps,
  author: Author,
  id: string,
  change: ConnectionChange,
): Promise<ConnectionResource> {
  const row = await deps.db.transaction(tenant(author.orgId), async (tx) => {
    const { orgId } = author;
    const sealed = await lockConnection(tx, orgId, id);
    const before = await selectConnection(tx, orgId, id);
    const columns = change.columns({ ...before, ...sealed });
    if (columns === null) return before;
    await writeColumns(tx, orgId, id, columns);
    await keepMappingVersion(tx, author, { id, before, settings: columns.settings }, deps.clock);
    const isRemoved = columns.removed_at !== undefined;
    const after = isRemoved ? before : await selectConnection(tx, orgId, id);
    const [old, fresh] = [auditValues(before), isRemoved ? null : auditValues(after)];
    const isSame = JSON.stringify(old) === JSON.stringify(fresh);
    await recordAudit(tx, {
      ...author,
      at: deps.clock.now(),
      action: change.action,
      entityId: id,
      entityName: after.name,
      old: isSame ? null : old,
      new: isSame ? null : fresh,
    });
    return after;
  });
  deps.connections.forget();
  return toConnection(row, deps);
}

async function lockConnection(tx: Transaction, orgId: string, id: string): Promise<SealedColumns> {
  const row = await tx.kysely
    .selectFrom("connection")
    .select(["secret_sealed", "url_token_hash"])
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .where("removed_at", "is", null)
    // Messages that are being written refer to the row, and must not wait for it.
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}

/** Writes columns of a connection of the organisation. */
export async function writeColumns(
  tx: Transaction,
  orgId: string,
  id: string,
  columns: ConnectionColumns,
): Promise<void> {
  await tx.kysely
    .updateTable("connection")
    .set({ ...columns })
    .where("org_id", "=", orgId)
    .where("id", "=", id)
    .execute();
}

/** What the audit log keeps of a connection: everything but its secrets. */
export function auditValues(
  row: Pick<
    ConnectionRow,
    | "kind"
    | "name"
    | "status"
    | "origin"
    | "auth_modes"
    | "has_secret"
    | "has_url_token"
    | "allowed_ranges"
    | "messages_per_minute"
    | "settings"
    | "api_url"
    | "has_api_key"
  >,
): Readonly<Record<string, unknown>> {
  return {
    kind: row.kind,
    name: row.name,
    status: row.status,
    origin: row.origin,
    auth_modes: row.auth_modes,
    has_secret: row.has_secret,
    has_url_token: row.has_url_token,
    allowed_ranges: row.allowed_ranges,
    messages_per_minute: row.messages_per_minute,
    settings: row.settings,
    api_url: row.api_url,
    has_api_key: row.has_api_key,
  };
}

/** @throws SlotwireError E_ENVIRONMENT when the connection is set in the environment */
export function requireOwn({ origin }: Pick<ConnectionRow, "origin">): void {
  if (origin === "environment") throw new SlotwireError("E_ENVIRONMENT");
}
