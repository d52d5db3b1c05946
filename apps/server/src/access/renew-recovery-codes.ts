import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { AccountDeps } from "./account.ts";
import { type Person, readAccount } from "./person.ts";
import { recordAudit } from "./record-audit.ts";
import { replaceRecoveryCodes } from "./second-factor.ts";

/**
 * Makes ten recovery codes in place of those before.
 * @returns the codes, shown this once
 * @throws SlotwireError E_CONFLICT when the account has no second factor
 */
export async function renewRecoveryCodes(
  { db, clock }: AccountDeps,
  person: Person,
): Promise<string[]> {
  const account = await readAccount({ db }, person);
  if (account.totpSealed === null) {
    throw new SlotwireError("E_CONFLICT", { detail: "The account has no second factor." });
  }
  return db.transaction(system, async (tx) => {
    await recordAudit(tx, {
      ...person.author,
      at: clock.now(),
      action: "account.recovery_codes_renewed",
      entityId: account.id,
      entityName: account.name,
    });
    return replaceRecoveryCodes(tx, person.userId);
  });
}
