import type { Role } from "@slotwire/contract";
import type { Queryable } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { isOpen } from "./invitation-row.ts";

/** An invitation that can be accepted, found by its token. */
export interface LiveInvitation {
  readonly org_id: string;
  readonly organisation: string;
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly provider_email: string | null;
  readonly hide_contacts: boolean;
  readonly expires_at: Date;
  /** Whether it is the token of the mail, which nobody else was shown. */
  readonly isMailed: boolean;
  /** Whether there is a token that was mailed: this one, or another. */
  readonly hasMailedToken: boolean;
}

/**
 * Finds and locks the invitation of a token: of several who accept it at once the first one gets
 * it, and the others find none.
 * @param tx in the scope of the system
 * @param hash of the token
 * @throws SlotwireError E_INVITATION when it is unknown, used up, revoked or expired: they are not
 *   told apart
 */
export async function invitationOfToken(
  tx: Queryable,
  hash: Buffer,
  now: Date,
): Promise<LiveInvitation> {
  const [row] = await tx.query<LiveInvitation>(
    `SELECT i.org_id, o.name AS organisation, i.id, i.email, i.role, i.provider_email,
            i.hide_contacts, i.expires_at, i.mailed_hash IS NOT DISTINCT FROM $1 AS "isMailed",
            i.mailed_hash IS NOT NULL AS "hasMailedToken"
       FROM invitation i JOIN organisation o ON o.id = i.org_id
      WHERE (i.token_hash = $1 OR i.mailed_hash = $1) AND ${isOpen} AND i.expires_at > $2
      FOR UPDATE OF i`,
    [hash, now],
  );
  if (row === undefined) throw new SlotwireError("E_INVITATION");
  return row;
}

/**
 * Whether an account takes the token that was mailed, and this one is the other. It says nothing of
 * whether there is an account.
 * @param sendsMail whether the hub does now
 */
export function takesMailedToken(
  { isMailed, hasMailedToken }: LiveInvitation,
  sendsMail: boolean,
): boolean {
  return sendsMail && hasMailedToken && !isMailed;
}
