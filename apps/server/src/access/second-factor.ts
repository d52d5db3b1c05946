import { createHash, randomInt } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import type { Transaction } from "../db/database.ts";
import type { Account, AccountDeps } from "./account.ts";

/** One-time codes as every authenticator app makes them (RFC 6238): 6 digits, 30 seconds, SHA-1. */
const PERIOD = 30;
/** Clocks may differ by one step, either way. */
const WINDOW = 1;
/** 160 bits, the length of the hash (RFC 4226 §4). */
const SECRET_BYTES = 20;

/** How many codes are made for whoever loses the authenticator. */
const RECOVERY_CODES = 10;
/** Crockford's base 32: no letter is mistaken for a digit. 16 of them are 80 bits. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const RECOVERY_LENGTH = 16;

/** A new secret, base32. */
export const newTotpSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** The address that an authenticator app reads from a QR code. */
export function totpUri(secret: string, label: string): string {
  return totpOf(secret, label).toString();
}

/**
 * @param code six digits, without spaces
 * @returns the step of 30 seconds since 1970 that the code belongs to, or null when it is wrong
 */
export function totpStep(secret: string, code: string, now: Date): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const totp = totpOf(secret, "");
  const timestamp = now.getTime();
  const delta = totp.validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : totp.counter({ timestamp }) + delta;
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer: "Slotwire", label, secret, period: PERIOD, digits: 6 });
}

/** How a second factor was shown; null when it was not. */
export type SecondFactor = "totp" | "recovery_code" | null;

/**
 * Uses up a code: the app's, of which none counts twice and none older than the last one, or a
 * recovery code.
 * @param tx in the scope of the system; what was used up stays so only when it commits
 */
export async function useSecondFactor(
  tx: Transaction,
  { secretBox, clock }: Pick<AccountDeps, "secretBox" | "clock">,
  account: Pick<Account, "id" | "totpSealed">,
  given: string,
): Promise<SecondFactor> {
  if (account.totpSealed === null) return null;
  const code = given.replaceAll(/[\s-]/g, "").toLowerCase();
  const step = totpStep(secretBox.open(account.totpSealed), code, clock.now());
  if (step !== null) return (await spendStep(tx, account.id, step)) ? "totp" : null;
  const spent = await tx.query(
    "DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2 RETURNING user_id",
    [account.id, hashOf(code)],
  );
  return spent.length === 1 ? "recovery_code" : null;
}

/** Notes the step of a code. @returns false when that one or a later one was used already */
async function spendStep(tx: Transaction, userId: string, step: number): Promise<boolean> {
  const spent = await tx.query(
    `UPDATE app_user SET totp_last_step = $2
      WHERE id = $1 AND coalesce(totp_last_step, 0) < $2 RETURNING id`,
    [userId, step],
  );
  return spent.length === 1;
}

/**
 * Makes recovery codes in place of those before.
 * @returns the codes, of which only hashes are stored
 */
export async function replaceRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  await tx.query("DELETE FROM recovery_code WHERE user_id = $1", [userId]);
  for (const code of codes) {
    await tx.query("INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)", [
      userId,
      hashOf(code.replaceAll("-", "")),
    ]);
  }
  return codes;
}

/** `xxxx-xxxx-xxxx-xxxx` */
function newRecoveryCode(): string {
  const draw = (): string => alphabet.charAt(randomInt(alphabet.length));
  const groups = Array.from({ length: RECOVERY_LENGTH / 4 }, () =>
    Array.from({ length: 4 }, draw).join(""),
  );
  return groups.join("-");
}

/** 80 random bits need no slow hash. */
function hashOf(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}
