import type { createApiKeySchema, CreatedApiKey } from "@slotwire/contract";
import type { z } from "zod";
import { tenant, type Transaction } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { SlotwireError } from "../errors.ts";
import { isRangeWithin, rangesOrNull } from "./address-ranges.ts";
import { newApiKey } from "./api-key-format.ts";
import { apiKeyResource, type ApiKeyRow } from "./api-key-row.ts";
import { mayGive } from "./can.ts";
import { DEMO_SLUG } from "./demo-slug.ts";
import { holdMaker, type KeyMaker } from "./key-maker.ts";
import { type Author, recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** What a key shall be able to do, as the contract's schema has checked it. */
export type ApiKeyDraft = z.output<typeof createApiKeySchema>;

const USUAL_LIMIT = 600;

/**
 * Makes a key of the author's organisation. The answer is the only one that shows it.
 * @throws SlotwireError E_FORBIDDEN when it would be able to do more than its maker may
 * @throws SlotwireError E_KEY_BEYOND when a key makes it, and it would live longer, work from
 *   elsewhere or more often
 * @throws SlotwireError E_UNAUTHENTICATED when the key that makes it was revoked meanwhile
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
    await holdMaker(tx, author.orgId, maker);
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
      requests_per_minute: limits.requestsPerMinute,
      expires_at: limits.expiresAt,
      last_used_at: null,
      last_used_address: null,
      created_by: maker.userName,
      created_by_key: maker.key,
      created_at: now,
    };
    await tx.kysely
      .insertInto("api_key")
      .values({
        ...row,
        org_id: author.orgId,
        key_hash: hash,
        created_by: maker.userId,
        created_by_key: maker.key?.id ?? null,
      })
      .execute();
    await recordAudit(tx, {
      ...author,
      at: now,
      action: "api_key.created",
      entityId: row.id,
      entityName: row.name,
      new: auditedValues(row),
    });
    return { ...apiKeyResource(row), key };
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

interface KeyLimits {
  readonly expiresAt: Date | null;
  readonly allowedRanges: string[] | null;
  readonly requestsPerMinute: number;
}

/**
 * When the key ends, where it works and how often: what was asked for, within what its maker has.
 * What was not asked for is as the maker has it.
 */
function limitsOf(maker: KeyMaker, draft: ApiKeyDraft, now: Date): KeyLimits {
  const refused = draft.scopes.find((scope) => !mayGive(maker.role, scope));
  if (refused !== undefined) {
    throw new SlotwireError("E_FORBIDDEN", { detail: `You may not give the scope ${refused}.` });
  }
  return {
    expiresAt: endOf(maker, draft, now),
    allowedRanges: rangesOf(maker, draft),
    requestsPerMinute: requestsOf(maker, draft),
  };
}

function endOf({ expiresAt: last }: KeyMaker, draft: ApiKeyDraft, now: Date): Date | null {
  const expiresAt = draft.expires_at == null ? last : new Date(draft.expires_at);
  if (expiresAt !== null && expiresAt <= now) throw notInTheFuture();
  if (last !== null && expiresAt !== null && expiresAt > last) {
    throw beyond("expires_at", `The key that makes it ends at ${last.toISOString()}.`);
  }
  return expiresAt;
}

function rangesOf({ allowedRanges: outer }: KeyMaker, draft: ApiKeyDraft): string[] | null {
  const allowedRanges = rangesOrNull(draft.allowed_ranges ?? null) ?? rangesOrNull(outer);
  if (outer !== null && allowedRanges?.every((range) => isRangeWithin(range, outer)) === false) {
    const detail = `The key that makes it works from ${outer.join(", ")} alone.`;
    throw beyond("allowed_ranges", detail);
  }
  return allowedRanges;
}

function requestsOf({ requestsPerMinute: most }: KeyMaker, draft: ApiKeyDraft): number {
  const requests = draft.requests_per_minute ?? Math.min(USUAL_LIMIT, most ?? USUAL_LIMIT);
  if (most !== null && requests > most) {
    throw beyond("requests_per_minute", `The key that makes it may make ${most} a minute.`);
  }
  return requests;
}

function beyond(field: string, detail: string): SlotwireError {
  return new SlotwireError("E_KEY_BEYOND", {
    detail,
    errors: [{ path: `body.${field}`, message: detail }],
  });
}

function notInTheFuture(): SlotwireError {
  return new SlotwireError("E_VALIDATION", {
    errors: [{ path: "body.expires_at", message: "Not in the future." }],
  });
}

/** Keys of the organisation whose data is simulated say so. */
async function environmentOf(tx: Transaction): Promise<"live" | "demo"> {
  const rows = await tx.query<{ slug: string }>("SELECT slug FROM organisation");
  return rows[0]?.slug === DEMO_SLUG ? "demo" : "live";
}
