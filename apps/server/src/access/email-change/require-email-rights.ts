import type { Transaction } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { Account, AccountDeps } from "../account.ts";
import type { Person } from "../person.ts";

/** Shorter ones are refused as passwords anyway. */
const SHORTEST_PASSWORD = 10;

/**
 * The e-mail says whose bookings a staff member sees, and whom a sign-in provider speaks of. So
 * only who may give members any such address anyway, in all of their organisations, may change
 * their own.
 * @param tx in the scope of the system
 * @throws SlotwireError E_FORBIDDEN
 */
export async function requireEmailRights(tx: Transaction, { userId }: Person): Promise<void> {
  const others = await tx.query(
    "SELECT FROM membership WHERE user_id = $1 AND role NOT IN ('owner', 'admin') LIMIT 1",
    [userId],
  );
  if (others.length === 0) return;
  throw new SlotwireError("E_FORBIDDEN", {
    detail: "Only owners and admins change their e-mail themselves.",
  });
}

/**
 * Locks the account. Who lost it in this moment must not change it a last time.
 * @throws SlotwireError E_UNAUTHENTICATED when the session has ended
 */
export async function requireSession(
  tx: Transaction,
  { userId, sessionId }: Person,
): Promise<void> {
  await tx.query("SELECT FROM app_user WHERE id = $1 FOR NO KEY UPDATE", [userId]);
  const live = await tx.query("SELECT FROM session WHERE user_id = $1 AND id = $2", [
    userId,
    sessionId,
  ]);
  if (live.length === 0) throw new SlotwireError("E_UNAUTHENTICATED");
}

/**
 * A password that is the e-mail, or what stands before its @, is refused when it is set; so is the
 * e-mail that would make it one. Of a password only a hash is kept: one that merely resembles the
 * e-mail, by other capitals or added digits, is not seen.
 * @throws SlotwireError E_VALIDATION
 */
export async function refuseEmailAsPassword(
  { passwords }: Pick<AccountDeps, "passwords">,
  { passwordHash }: Pick<Account, "passwordHash">,
  email: string,
): Promise<void> {
  if (passwordHash === null) return;
  const guesses = [email, email.slice(0, email.indexOf("@"))];
  for (const guess of guesses.filter(({ length }) => length >= SHORTEST_PASSWORD)) {
    const { isRight } = await passwords.verify(guess, passwordHash);
    if (!isRight) continue;
    const message = "Your password is made of this e-mail. Choose another password first.";
    throw new SlotwireError("E_VALIDATION", { errors: [{ path: "body.email", message }] });
  }
}
