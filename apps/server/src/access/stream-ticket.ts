import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken } from "./session-token.ts";
import { type StreamClaims, streamClaimsSchema } from "./stream-claims.ts";

/**
 * What a ticket says. It is left as it is: `burnStreamTicket` is what opens a stream.
 * @returns null when it is unknown, used up or over
 */
export async function readStreamTicket(
  { db, clock }: AccessDeps,
  ticket: string,
): Promise<StreamClaims | null> {
  const [row] = await db.transaction(system, (tx) =>
    tx.query<{ claims: unknown }>(
      "SELECT claims FROM stream_ticket WHERE token_hash = $1 AND expires_at > $2",
      [hashSessionToken(ticket), clock.now()],
    ),
  );
  return streamClaimsSchema.safeParse(row?.claims).data ?? null;
}

/**
 * Burns a ticket. Deleting its row is what burns it, so of several simultaneous uses, on however
 * many nodes, exactly one succeeds.
 * @throws SlotwireError E_UNAUTHENTICATED when it is used up or over by now
 */
export async function burnStreamTicket({ db, clock }: AccessDeps, ticket: string): Promise<void> {
  const rows = await db.transaction(system, (tx) =>
    tx.query("DELETE FROM stream_ticket WHERE token_hash = $1 AND expires_at > $2 RETURNING 1", [
      hashSessionToken(ticket),
      clock.now(),
    ]),
  );
  if (rows.length === 0) throw ticketIsOver();
}

/** What whoever holds a ticket that opens nothing is told. */
export const ticketIsOver = (): SlotwireError =>
  new SlotwireError("E_UNAUTHENTICATED", { detail: "The ticket is used up or expired." });
