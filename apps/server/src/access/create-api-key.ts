import type { createApiKeySchema, CreatedApiKey } from "@slotwire/contract";
import type { z } from "zod";
import { tenant, type Transaction } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { SlotwireError } from "../errors.ts";
import { isRangeWithin } from "./address-ranges.ts";
import { newApiKey } from "./api-key-format.ts";
import { apiKeyResource, type ApiKeyRow } from "./api-key-row.ts";
import { mayGive } from "./can.ts";
import type { KeyMaker } from "./key-maker.ts";
import { type Author, recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** What a key shall be able to do, as the contract's schema has checked it. */
export type ApiKeyDraft = z.output<typeof createApiKeySchema>;

/** The organisation whose data is simulated: its keys say so. */
const DEMO_SLUG = "demo";

/**
 * Makes a key of the author's organisation. The answer is the only one that shows it.
 * @throws SlotwireError E_FORBIDDEN when it would be able to do more than its maker may
 * @throws SlotwireError E_VALIDATION when it would have expired already
 */
export async function createApiKey(
  { db, clock }: AccessDeps,
  author: Author,
  maker: KeyMaker,
  draft: ApiKeyDraft,
): Promise<CreatedApiKey> {
  const now = clock.now();
  const limits = limitsOf(maker, draft, now);
  return db.transaction(tenant(author.orgId), async (tx) => {
    const { key, prefix, hash } = newApiKey(draft.kind, await environmentOf(tx));
    const row: ApiKeyRow = {
      id: uuid7(),
      name: draft.name,
      kind: draft.kind,
      prefix,
      role: maker.role,
      scopes: [...new Set(draft.scopes)],
      allowed_ranges: limits.allowedRanges,
      allowed_origins: draft.allowed_origins ?? null,
      requests_per_minute: draft.requests_per_minute,
      expires_at: limits.expiresAt,
      last_used_at: null,
      last_used_address: null,
      created_by: maker.userId,
      created_at: now,
    };
    await tx.kysely
      .insertInto("api_key")
      .values({ ...row, org_id: author.orgId, key_hash: hash })
      .execute();
    await recordAudit(tx, {
      ...author,
      at: now,
      action: "api_key.created",
      entityId: row.id,
      entityName: row.name,
      new: auditedValues(row),
    });
    const madeBy = author.actor.kind === "user" ? author.actor.name : null;
    return { ...apiKeyResource({ ...row, created_by: madeBy }), key };
  });
}

/** What the audit log keeps of a key. */
function auditedValues(row: ApiKeyRow): Record<string, unknown> {
  const { kind, prefix, role, scopes, allowed_ranges, allowed_origins } = row;
  const { requests_per_minute, expires_at } = row;
  return {
    kind,
    prefix,
    role,
    scopes,
    allowed_ranges,
    allowed_origins,
    requests_per_minute,
    expires_at,
  };
}

/** When the key ends and where it works: what was asked for, within what its maker has. */
function limitsOf(
  maker: KeyMaker,
  draft: ApiKeyDraft,
  now: Date,
): { expiresAt: Date | null; allowedRanges: string[] | null } {
  const refused = draft.scopes.find((scope) => !mayGive(maker.role, scope));
  if (refused !== undefined) throw tooMuch(`You may not give the scope ${refused}.`);
  const expiresAt = draft.expires_at == null ? maker.expiresAt : new Date(draft.expires_at);
  if (expiresAt !== null && expiresAt <= now) throw notInTheFuture();
  if (maker.expiresAt !== null && expiresAt !== null && expiresAt > maker.expiresAt) {
    throw tooMuch("A key cannot outlive the key that makes it.");
  }
  const allowedRanges = draft.allowed_ranges ?? maker.allowedRanges;
  const { allowedRanges: outer } = maker;
  if (outer !== null && allowedRanges?.every((range) => isRangeWithin(range, outer)) === false) {
    throw tooMuch("A key cannot be used from more addresses than the key that makes it.");
  }
  return { expiresAt, allowedRanges: allowedRanges === null ? null : [...allowedRanges] };
}

const tooMuch = (detail: string): SlotwireError => new SlotwireError("E_FORBIDDEN", { detail });

function notInTheFuture(): SlotwireError {
  return new SlotwireError("E_VALIDATION", {
    errors: [{ path: "body.expires_at", message: "Not in the future." }],
  });
}

async function environmentOf(tx: Transaction): Promise<"live" | "demo"> {
  const rows = await tx.query<{ slug: string }>("SELECT slug FROM organisation");
  return rows[0]?.slug === DEMO_SLUG ? "demo" : "live";
}
