import type { AuditAction } from "@slotwire/contract";
import { uuid7 } from "../db/uuid7.ts";
import type { Queryable } from "../db/database.ts";
import type { Origin, Principal } from "./principal.ts";

/** Who did it, as the audit log keeps it. */
export interface AuditActor {
  readonly kind: "user" | "api_key" | "connection" | "system";
  readonly id: string | null;
  readonly name: string;
}

/** Who does something, in which organisation, and from where. */
export interface Author {
  readonly orgId: string;
  readonly actor: AuditActor;
  readonly origin: Origin;
}

/** What somebody did. Nothing in it may be a secret. */
export interface AuditRecord extends Author {
  readonly at: Date;
  readonly action: AuditAction;
  readonly entityId: string | null;
  readonly entityName?: string | null;
  /** The values before and after; what is equal in both is left out. */
  readonly old?: Readonly<Record<string, unknown>> | null;
  readonly new?: Readonly<Record<string, unknown>> | null;
}

/** The hub itself, for what nobody asked for. */
const hubActor: AuditActor = { kind: "system", id: null, name: "Slotwire" };
/** Whoever may start the hub's programs on its machine. */
export const commandLine: AuditActor = { kind: "system", id: null, name: "Command line" };
export const noOrigin: Origin = { address: null, userAgent: null, requestId: null };

/** The hub itself, at work for an organisation. */
export const hubAuthor = (orgId: string): Author => ({
  orgId,
  actor: hubActor,
  origin: noOrigin,
});

/** A principal as the audit log names it. */
export function auditActor({ kind, id, name }: Principal): AuditActor {
  return { kind: kind === "stream_token" ? "api_key" : kind, id, name };
}

/**
 * Adds one line to the audit log, in the caller's transaction: what is undone is not told of,
 * and what is told of was done.
 * @param tx in the scope of the organisation, or of the system
 */
export async function recordAudit(tx: Queryable, record: AuditRecord): Promise<void> {
  const { actor, origin, action } = record;
  const [before, after] = differences(record.old ?? null, record.new ?? null);
  await tx.query(
    `INSERT INTO audit_log (org_id, id, at, actor_kind, actor_id, actor_name, action, entity,
                            entity_id, entity_name, old, new, address, user_agent, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $12::jsonb, $13, $14, $15)`,
    [
      record.orgId,
      uuid7(),
      record.at,
      actor.kind,
      actor.id,
      actor.name,
      action,
      action.slice(0, action.indexOf(".")),
      record.entityId,
      record.entityName ?? null,
      before === null ? null : JSON.stringify(before),
      after === null ? null : JSON.stringify(after),
      origin.address,
      origin.userAgent?.slice(0, 300) ?? null,
      origin.requestId,
    ],
  );
}

type Values = Readonly<Record<string, unknown>>;

/** Both sides without what is equal in both. */
function differences(old: Values | null, fresh: Values | null): [Values | null, Values | null] {
  if (old === null || fresh === null) return [old, fresh];
  const changed = new Set(
    [...Object.keys(old), ...Object.keys(fresh)].filter(
      (name) => JSON.stringify(old[name]) !== JSON.stringify(fresh[name]),
    ),
  );
  const only = (values: Values): Values =>
    Object.fromEntries(Object.entries(values).filter(([name]) => changed.has(name)));
  return [only(old), only(fresh)];
}
