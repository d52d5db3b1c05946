import { SlotwireError } from "../errors.ts";
import type { AccountDeps } from "./account.ts";
import { ownClaim, type Person, readAccount } from "./person.ts";
import { type Proof, proveAccount } from "./prove-account.ts";

/**
 * Notes that the person has shown anew who they are: sensitive work is open for ten minutes.
 * @throws SlotwireError as `proveAccount`
 * @throws SlotwireError E_CONFIRM when the account has no password: then only signing in again is
 *   a proof
 */
export async function confirmSession(
  deps: AccountDeps,
  person: Person,
  proof: Proof,
): Promise<void> {
  const account = await readAccount(deps, person);
  if (account.passwordHash === null) {
    throw new SlotwireError("E_CONFIRM", { detail: "The account has no password: sign in again." });
  }
  await proveAccount(deps, ownClaim(person, account), proof, (tx) =>
    tx.query("UPDATE session SET authenticated_at = $2 WHERE id = $1", [
      person.sessionId,
      deps.clock.now(),
    ]),
  );
}
