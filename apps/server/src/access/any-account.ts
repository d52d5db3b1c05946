import type { Queryable } from "../db/database.ts";
import type { Account } from "./account.ts";

/** An account that may belong to no organisation any more, or be disabled. */
export interface AnyAccount extends Pick<Account, "id" | "name" | "passwordHash" | "totpSealed"> {
  readonly isDisabled: boolean;
}

interface Row {
  id: string;
  name: string;
  password_hash: string | null;
  totp_sealed: Uint8Array | null;
  is_disabled: boolean;
}

/**
 * The account of `email`, for an invitation: whoever was removed everywhere still has one.
 * @param tx in the scope of the system
 * @param email in lower case
 */
export async function findAnyAccount(tx: Queryable, email: string): Promise<AnyAccount | null> {
  const [row] = await tx.query<Row>(
    `SELECT u.id, u.name, u.password_hash,
            CASE WHEN u.totp_confirmed_at IS NOT NULL THEN u.totp_sealed END AS totp_sealed,
            u.disabled_at IS NOT NULL AS is_disabled
       FROM app_user u
      WHERE lower(u.email) = $1`,
    [email],
  );
  if (row === undefined) return null;
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    totpSealed: row.totp_sealed,
    isDisabled: row.is_disabled,
  };
}
