import type { SecretBox } from "../db/secret-box.ts";
import type { Queryable } from "../db/database.ts";
import type { PasswordHasher } from "./password-hash.ts";
import type { Origin } from "./principal.ts";
import type { AuditActor, Author } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** What the verbs work on that check who somebody is. */
export interface AccountDeps extends AccessDeps {
  readonly passwords: PasswordHasher;
  /** Holds the secrets of second factors. */
  readonly secretBox: SecretBox;
}

/** A person's account: one over all organisations that the person belongs to. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** In lower case. */
  readonly email: string | null;
  readonly passwordHash: string | null;
  /** The second factor's sealed secret; null when there is none, or it is not confirmed yet. */
  readonly totpSealed: Uint8Array | null;
  /** Where the person signs in to: the organisation they have belonged to for longest. */
  readonly homeOrgId: string;
  /** What a password must not be made of: the person's own names and those of organisations. */
  readonly personal: readonly (string | null)[];
}

interface AccountRow {
  id: string;
  name: string;
  email: string | null;
  password_hash: string | null;
  totp_sealed: Uint8Array | null;
  org_id: string;
  organisations: string[];
}

const select = `
  SELECT u.id, u.name, lower(u.email) AS email, u.password_hash,
         CASE WHEN u.totp_confirmed_at IS NOT NULL THEN u.totp_sealed END AS totp_sealed,
         (array_agg(m.org_id ORDER BY m.created_at, m.org_id))[1] AS org_id,
         array_agg(o.name) AS organisations
    FROM app_user u
    JOIN membership m ON m.user_id = u.id
    JOIN organisation o ON o.id = m.org_id
   WHERE u.disabled_at IS NULL AND `;

/**
 * The account of `email`, in any case of letters.
 * @param tx in the scope of the system
 * @returns null when there is none that may sign in: disabled, or a member of nothing
 */
export function findAccountByEmail(tx: Queryable, email: string): Promise<Account | null> {
  return find(tx, "lower(u.email) = lower($1)", email);
}

/** The account of this user; null as above. */
export function findAccountById(tx: Queryable, userId: string): Promise<Account | null> {
  return find(tx, "u.id = $1", userId);
}

async function find(tx: Queryable, condition: string, value: string): Promise<Account | null> {
  const [row] = await tx.query<AccountRow>(`${select} ${condition} GROUP BY u.id`, [value]);
  if (row === undefined) return null;
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    passwordHash: row.password_hash,
    totpSealed: row.totp_sealed,
    homeOrgId: row.org_id,
    personal: [row.email, row.name, ...row.organisations],
  };
}

/** The account as the audit log names who did something. */
const accountActor = ({ id, name }: Account): AuditActor => ({ kind: "user", id, name });

/** The account's owner, before there is a session that says where they are. */
export const accountAuthor = (account: Account, origin: Origin): Author => ({
  orgId: account.homeOrgId,
  actor: accountActor(account),
  origin,
});
