import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { AccountDeps } from "./account.ts";
import type { Person } from "./person.ts";
import { recordAudit } from "./record-audit.ts";
import { rotateSession } from "./rotate-session.ts";
import { replaceRecoveryCodes, totpStep } from "./second-factor.ts";
import type { StartedSession } from "./start-session.ts";

interface Pending {
  name: string;
  totp_sealed: Uint8Array | null;
}

/** A second factor that counts from now on. */
export interface ConfirmedTotp {
  /** Shown this once; each works once, in place of the app's code. */
  readonly recoveryCodes: readonly string[];
  readonly session: StartedSession;
}

/**
 * Makes the second factor count, because the app shows the right code. All other sessions end.
 * @throws SlotwireError E_VALIDATION when the code is wrong, or nothing is being set up
 */
export async function confirmTotp(
  { db, clock, secretBox }: AccountDeps,
  person: Person,
  code: string,
): Promise<ConfirmedTotp> {
  const now = clock.now();
  return db.transaction(system, async (tx) => {
    const [pending] = await tx.query<Pending>(
      `SELECT name, totp_sealed FROM app_user
        WHERE id = $1 AND totp_confirmed_at IS NULL FOR UPDATE`,
      [person.userId],
    );
    const sealed = pending?.totp_sealed ?? null;
    const plain = code.replaceAll(/\s/g, "");
    const step = sealed === null ? null : totpStep(secretBox.open(sealed), plain, now);
    if (pending === undefined || step === null) throw wrongCode();
    await tx.query(
      "UPDATE app_user SET totp_confirmed_at = $2, totp_last_step = $3 WHERE id = $1",
      [person.userId, now, step],
    );
    const recoveryCodes = await replaceRecoveryCodes(tx, person.userId);
    await recordAudit(tx, {
      ...person.author,
      at: now,
      action: "account.second_factor_enabled",
      entityId: person.userId,
      entityName: pending.name,
    });
    const { userId, sessionId } = person;
    return { recoveryCodes, session: await rotateSession(tx, { userId, sessionId, now }) };
  });
}

function wrongCode(): SlotwireError {
  const message = "The code is wrong. Check that the telephone's time is right.";
  return new SlotwireError("E_VALIDATION", { errors: [{ path: "body.code", message }] });
}
