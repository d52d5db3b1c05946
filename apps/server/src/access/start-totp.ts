import type { TotpSetup } from "@slotwire/contract";
import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { AccountDeps } from "./account.ts";
import { type Person, readAccount } from "./person.ts";
import { newTotpSecret, totpUri } from "./second-factor.ts";

/**
 * Makes a secret for an authenticator app. It counts for nothing until a code of it is confirmed;
 * beginning again makes another one.
 * @returns the secret, shown this once
 * @throws SlotwireError E_SECOND_FACTOR_SET when the account has a second factor already
 */
export async function startTotp(deps: AccountDeps, person: Person): Promise<TotpSetup> {
  const account = await readAccount(deps, person);
  const secret = newTotpSecret();
  const begun = await deps.db.transaction(system, (tx) =>
    tx.query(
      `UPDATE app_user SET totp_sealed = $2, totp_last_step = NULL
        WHERE id = $1 AND totp_confirmed_at IS NULL RETURNING id`,
      [person.userId, deps.secretBox.seal(secret)],
    ),
  );
  if (begun.length === 0) throw new SlotwireError("E_SECOND_FACTOR_SET");
  return { secret, uri: totpUri(secret, account.email ?? account.name) };
}
