import type { FeedResource, Role } from "@slotwire/contract";
import { grantOf } from "../access/can.ts";
import { hashSessionToken } from "../access/session-token.ts";
import { system } from "../db/database.ts";
import type { FeedDeps } from "./feed-caller.ts";

/** A feed that may be read now, and all that decides what is in it. */
export interface OpenFeed {
  readonly orgId: string;
  readonly id: string;
  readonly name: string;
  readonly scope: FeedResource["scope"];
  /** In lower case; of a provider's feed null means that nothing is theirs. */
  readonly providerEmail: string | null;
  readonly customerId: string | null;
  readonly showsNames: boolean;
  readonly daysBack: number;
  readonly daysAhead: number;
  readonly timeZone: string;
  readonly lastReadAt: Date | null;
}

interface Row {
  readonly org_id: string;
  readonly id: string;
  readonly name: string;
  readonly scope: OpenFeed["scope"];
  readonly provider_email: string | null;
  readonly customer_id: string | null;
  readonly shows_names: boolean;
  readonly days_back: number;
  readonly days_ahead: number;
  readonly time_zone: string;
  readonly last_read_at: Date | null;
  readonly is_own: boolean;
  readonly role: Role | null;
  readonly own_email: string | null;
  readonly hide_contacts: boolean | null;
}

/** What a token looks like; nothing else is looked up. */
const tokenPattern = /^[\w-]{43}$/;

/**
 * The feed behind a token. One that somebody made of their own bookings shows what they may see
 * today, and is closed when they may make none any more; one of a key, when the key has ended.
 * @returns null when there is none that may be read
 */
export async function findFeed({ db, clock }: FeedDeps, token: string): Promise<OpenFeed | null> {
  if (!tokenPattern.test(token)) return null;
  const [row] = await db.transaction(system, (tx) =>
    tx.query<Row>(
      `SELECT f.org_id, f.id, f.name, f.scope, f.provider_email, f.customer_id, f.shows_names,
              f.days_back, f.days_ahead, o.time_zone, f.last_read_at, f.is_own, m.role,
              coalesce(m.provider_email, lower(u.email)) AS own_email, m.hide_contacts
         FROM calendar_feed f
         JOIN organisation o ON o.id = f.org_id
         LEFT JOIN app_user u ON u.id = f.created_by AND u.disabled_at IS NULL
         LEFT JOIN membership m ON m.org_id = f.org_id AND m.user_id = u.id
         LEFT JOIN api_key k ON k.org_id = f.org_id AND k.id = f.created_by_key
        WHERE f.token_hash = $1
          AND (f.created_by_key IS NULL
               OR (k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $2)))`,
      [hashSessionToken(token), clock.now()],
    ),
  );
  if (row === undefined) return null;
  if (row.is_own && !mayMakeFeeds(row.role)) return null;
  const isHidden = row.is_own && row.role === "staff" && row.hide_contacts === true;
  return {
    orgId: row.org_id,
    id: row.id,
    name: row.name,
    scope: row.scope,
    providerEmail: row.is_own ? row.own_email : row.provider_email,
    customerId: row.customer_id,
    showsNames: row.shows_names && !isHidden,
    daysBack: row.days_back,
    daysAhead: row.days_ahead,
    timeZone: row.time_zone,
    lastReadAt: row.last_read_at,
  };
}

function mayMakeFeeds(role: Role | null): boolean {
  return role !== null && grantOf({ role, scopes: null }, "feeds:manage") !== "none";
}
