import type { createFeedSchema, CreatedFeed } from "@slotwire/contract";
import type { z } from "zod";
import { can } from "../access/can.ts";
import { ENVIRONMENT_KEY_ID } from "../access/environment-key.ts";
import type { Principal } from "../access/principal.ts";
import { recordAudit } from "../access/record-audit.ts";
import { newSessionToken } from "../access/session-token.ts";
import { tenant, type Transaction } from "../db/database.ts";
import { uuid7 } from "../db/uuid7.ts";
import { SlotwireError } from "../errors.ts";
import type { FeedCaller, FeedDeps } from "./feed-caller.ts";
import { feedResource, type FeedRow } from "./feed-row.ts";

type FeedDraft = z.output<typeof createFeedSchema>;

/**
 * Makes a calendar feed. Whoever has only bookings of their own makes feeds of these, which end
 * with their membership; one that a key makes ends with the key.
 * @param publicUrl where the hub is reached, without a slash at its end
 * @returns it, with its address, which is shown this once
 * @throws SlotwireError E_FORBIDDEN when it would show what its maker is not shown
 * @throws SlotwireError E_VALIDATION when it says not whose it is, or nobody's
 * @throws SlotwireError E_UNAUTHENTICATED when the key that makes it was revoked meanwhile
 */
export async function createFeed(
  { db, clock }: FeedDeps,
  { principal, author, ownedBy }: FeedCaller,
  draft: FeedDraft,
  publicUrl: string,
): Promise<CreatedFeed> {
  const { scope, provider_email: providerEmail } = whoseOf(principal, ownedBy, draft);
  if (draft.shows_names) requireNames(principal);
  const { token, hash } = newSessionToken();
  const key = keyOf(principal);
  return db.transaction(tenant(author.orgId), async (tx) => {
    if (key !== null) await holdKey(tx, key);
    const row: FeedRow = {
      id: uuid7(),
      name: draft.name,
      scope,
      provider_email: ownedBy === null ? providerEmail : principal.providerEmail,
      customer_id: draft.customer_id ?? null,
      customer_name: await customerName(tx, draft.customer_id),
      shows_names: draft.shows_names,
      days_back: draft.days_back,
      days_ahead: draft.days_ahead,
      created_by: principal.name,
      created_at: clock.now(),
      last_read_at: null,
    };
    await tx.query(
      `INSERT INTO calendar_feed (org_id, id, name, scope, provider_email, customer_id, shows_names,
                                  days_back, days_ahead, token_hash, created_by, is_own,
                                  created_by_key, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
      [
        author.orgId,
        row.id,
        row.name,
        row.scope,
        providerEmail,
        row.customer_id,
        row.shows_names,
        row.days_back,
        row.days_ahead,
        hash,
        principal.kind === "user" ? principal.id : null,
        ownedBy !== null,
        key,
        row.created_at,
      ],
    );
    await recordAudit(tx, {
      ...author,
      at: row.created_at,
      action: "calendar_feed.created",
      entityId: row.id,
      entityName: row.name,
      new: {
        scope,
        provider_email: row.provider_email,
        customer_id: row.customer_id,
        shows_names: row.shows_names,
        days_back: row.days_back,
        days_ahead: row.days_ahead,
      },
    });
    return { ...feedResource(row), url: `${publicUrl}/feeds/${token}.ics` };
  });
}

/** @throws SlotwireError E_FORBIDDEN, E_VALIDATION */
function whoseOf(
  principal: Principal,
  ownedBy: string | null,
  draft: FeedDraft,
): { scope: FeedRow["scope"]; provider_email: string | null } {
  if (ownedBy === null) {
    const { scope = "organisation", provider_email: email = null } = draft;
    if (scope === "provider" && email === null) {
      throw wrong("provider_email", "Say whose it is.");
    }
    return { scope, provider_email: email };
  }
  const { scope = "provider", provider_email: email = principal.providerEmail } = draft;
  if (scope !== "provider" || email !== principal.providerEmail) {
    throw new SlotwireError("E_FORBIDDEN", {
      detail: "Your role makes feeds of your own bookings alone: the scope `provider`.",
    });
  }
  // Which provider they are follows from the membership whenever it is read.
  return { scope: "provider", provider_email: null };
}

/** @throws SlotwireError E_FORBIDDEN for whoever is not shown customers' contact data */
function requireNames(principal: Principal): void {
  const isHidden = principal.role === "staff" && principal.hideContacts;
  if (can(principal, "contacts:read") && !isHidden) return;
  throw new SlotwireError("E_FORBIDDEN", {
    detail:
      "A feed with names carries customers' data to whoever has its address, which you are not shown: make one without names.",
  });
}

/** The key that makes the feed; null for people and for the environment's, which has no row. */
function keyOf({ kind, id }: Principal): string | null {
  return kind === "user" || id === ENVIRONMENT_KEY_ID ? null : id;
}

/** Whoever revokes the key at this moment waits, and then ends the feed with it. */
async function holdKey(tx: Transaction, id: string): Promise<void> {
  const [key] = await tx.query(
    "SELECT id FROM api_key WHERE id = $1 AND revoked_at IS NULL FOR SHARE",
    [id],
  );
  if (key === undefined) throw new SlotwireError("E_UNAUTHENTICATED");
}

/** @throws SlotwireError E_VALIDATION when the organisation has no such customer */
async function customerName(tx: Transaction, id: string | undefined): Promise<string | null> {
  if (id === undefined) return null;
  const [row] = await tx.query<{ display_name: string }>(
    "SELECT display_name FROM customer WHERE id = $1",
    [id],
  );
  if (row === undefined) throw wrong("customer_id", "There is no such customer.");
  return row.display_name;
}

function wrong(field: string, message: string): SlotwireError {
  return new SlotwireError("E_VALIDATION", { errors: [{ path: `body.${field}`, message }] });
}
