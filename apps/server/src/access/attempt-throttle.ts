import { createHash } from "node:crypto";
import ipaddr from "ipaddr.js";
import { system, type Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/*
 * Attempts to guess, counted over all nodes.
 *
 * An attempt is counted before it is checked, so that a hundred at once are not all let in; what
 * proves right is taken back. Up to `free` in a row cost nothing; each further one blocks for
 * twice as long as the one before. Whoever is blocked is not even checked: a right password is
 * refused like a wrong one.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

interface Limit {
  readonly free: number;
  /** The first block; milliseconds, like all of these. */
  readonly first: number;
  readonly longest: number;
  /** A count is forgotten after this long without a failure. */
  readonly memory: number;
}

const limits = {
  /** About a hundred guesses a day at most, and whoever is kept out by somebody else's waits minutes. */
  account: { free: 5, first: SECOND, longest: 15 * MINUTE, memory: 24 * HOUR },
  /** Generous, as a whole office may have one address. */
  address: { free: 30, first: SECOND, longest: 15 * MINUTE, memory: HOUR },
  /** Mails with a link to choose a new password. */
  reset: { free: 3, first: MINUTE, longest: HOUR, memory: 24 * HOUR },
  /** Changes of their e-mail that a person asks for, each with a mail to somebody: five a day. */
  email_change: { free: 5, first: 24 * HOUR, longest: 24 * HOUR, memory: 24 * HOUR },
  /** Mails that whoever holds an invitation's link has sent to its address: five a day. */
  invitation_mail: { free: 5, first: 24 * HOUR, longest: 24 * HOUR, memory: 24 * HOUR },
  /** Answers to an organisation that there is an account, where they cannot be kept back: as many. */
  taken: { free: 5, first: 24 * HOUR, longest: 24 * HOUR, memory: 24 * HOUR },
} as const satisfies Record<string, Limit>;

/** What is counted, and for whom: only its hash is stored. */
export interface Attempt {
  readonly kind: keyof typeof limits;
  /** An e-mail in lower case, a user's or organisation's id, or an IP address. */
  readonly subject: string;
}

/** Attempts under `address`; one network of IPv6 is one, as anybody has many addresses of it. */
export const addressAttempt = (address: string | null): Attempt => ({
  kind: "address",
  subject: address === null ? "" : networkOf(address),
});

/** Attempts to be the account of this e-mail, be there one or not. */
export const accountAttempt = (email: string): Attempt => ({
  kind: "account",
  subject: email.toLowerCase(),
});

/**
 * Counts one attempt for each of `attempts`, or none when one of them is blocked.
 * @throws SlotwireError E_RATE_LIMITED with the seconds to wait
 */
export async function takeAttempts(
  { db, clock }: AccessDeps,
  attempts: readonly Attempt[],
): Promise<void> {
  const now = clock.now();
  await db.transaction(system, async (tx) => {
    // One order for everybody, so that no two wait for each other.
    for (const attempt of inOrder(attempts)) await takeAttempt(tx, attempt, now);
  });
}

/** Takes one attempt back, because it was no failure; what came before it stays counted. */
export async function returnAttempts(
  tx: Transaction,
  attempts: readonly Attempt[],
  now: Date,
): Promise<void> {
  for (const attempt of inOrder(attempts)) {
    await tx.query(
      `UPDATE attempt_throttle
          SET failures = greatest(failures - 1, 0), blocked_until = least(blocked_until, $2)
        WHERE key = $1`,
      [keyOf(attempt), now],
    );
  }
}

/** Forgets what was counted, because somebody proved to be the account's owner. */
export async function forgetAttempts(tx: Transaction, attempt: Attempt): Promise<void> {
  await tx.query("DELETE FROM attempt_throttle WHERE key = $1", [keyOf(attempt)]);
}

/** Removes counts that no longer count. */
export async function expireAttempts(tx: Transaction, now: Date): Promise<void> {
  const longest = Math.max(...Object.values(limits).map(({ memory }) => memory));
  await tx.query("DELETE FROM attempt_throttle WHERE last_failure_at < $1", [
    new Date(now.getTime() - longest),
  ]);
}

interface Counted {
  failures: number;
  last_failure_at: Date;
  blocked_until: Date;
}

/**
 * Counts one attempt.
 * @throws SlotwireError E_RATE_LIMITED with the seconds to wait
 */
export async function takeAttempt(tx: Transaction, attempt: Attempt, now: Date): Promise<void> {
  const limit: Limit = limits[attempt.kind];
  const key = keyOf(attempt);
  // Whoever comes second at the same moment waits for the row here.
  await tx.query(
    `INSERT INTO attempt_throttle (key, failures, last_failure_at, blocked_until)
     VALUES ($1, 0, $2, $2) ON CONFLICT (key) DO NOTHING`,
    [key, now],
  );
  const [counted] = await tx.query<Counted>(
    `SELECT failures, last_failure_at, blocked_until FROM attempt_throttle
      WHERE key = $1 FOR UPDATE`,
    [key],
  );
  // Removed in between, by a success: nothing is held against anybody.
  if (counted === undefined) return;
  const wait = counted.blocked_until.getTime() - now.getTime();
  if (wait > 0) throw tooMany(wait);
  const isForgotten = now.getTime() - counted.last_failure_at.getTime() >= limit.memory;
  const failures = (isForgotten ? 0 : counted.failures) + 1;
  await tx.query(
    `UPDATE attempt_throttle SET failures = $2, last_failure_at = $3, blocked_until = $4
      WHERE key = $1`,
    [key, failures, now, new Date(now.getTime() + blockAfter(failures, limit))],
  );
}

/** How long the attempt after this many is blocked. */
function blockAfter(failures: number, { free, first, longest }: Limit): number {
  return failures < free ? 0 : Math.min(longest, first * 2 ** Math.min(failures - free, 30));
}

function tooMany(wait: number): SlotwireError {
  return new SlotwireError("E_RATE_LIMITED", {
    extra: { retry_after_seconds: Math.ceil(wait / SECOND) },
  });
}

function inOrder(attempts: readonly Attempt[]): Attempt[] {
  return attempts.toSorted((one, other) => keyOf(one).compare(keyOf(other)));
}

function keyOf({ kind, subject }: Attempt): Buffer {
  return createHash("sha256").update(`${kind} ${subject}`).digest();
}

/** An IPv4 address is the same however it is written; of IPv6 the first 64 bits are taken. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const plain = ipaddr.process(address);
  if (plain instanceof ipaddr.IPv4) return plain.toString();
  return Buffer.from(plain.toByteArray().slice(0, 8)).toString("hex");
}
