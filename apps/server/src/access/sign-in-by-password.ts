import { type AccountDeps, findAccountByEmail } from "./account.ts";
import type { Origin } from "./principal.ts";
import { type Proof, proveAccount } from "./prove-account.ts";
import { type StartedSession, startSession } from "./start-session.ts";

/** E-mail, password, and the second factor's code when the account has one. */
export interface PasswordCredentials extends Proof {
  readonly email: string;
}

/**
 * Exchanges a password for a session in the organisation that the person has belonged to for
 * longest.
 * @param from the browser, and the session's token that it had before
 * @throws SlotwireError as `proveAccount`
 */
export async function signInByPassword(
  deps: AccountDeps,
  credentials: PasswordCredentials,
  from: { readonly origin: Origin; readonly replaces: string | null },
): Promise<StartedSession> {
  const { email } = credentials;
  const claim = {
    subject: email,
    origin: from.origin,
    find: (tx: Parameters<typeof findAccountByEmail>[0]) => findAccountByEmail(tx, email),
  };
  return proveAccount(deps, claim, credentials, (tx, account) =>
    startSession(tx, {
      ...from,
      userId: account.id,
      orgId: account.homeOrgId,
      method: "password",
      now: deps.clock.now(),
    }),
  );
}
