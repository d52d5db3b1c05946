import { system } from "../db/database.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken } from "./session-token.ts";
import { type StreamClaims, streamClaimsSchema } from "./stream-claims.ts";

/**
 * Burns a ticket. Deleting its row is what burns it, so of several simultaneous uses, on however
 * many nodes, exactly one succeeds.
 * @returns null when it is unknown, used up or over
 */
export async function useStreamTicket(
  { db, clock }: AccessDeps,
  ticket: string,
): Promise<StreamClaims | null> {
  const [row] = await db.transaction(system, (tx) =>
    tx.query<{ claims: unknown; expires_at: Date }>(
      "DELETE FROM stream_ticket WHERE token_hash = $1 RETURNING claims, expires_at",
      [hashSessionToken(ticket)],
    ),
  );
  if (row === undefined || row.expires_at <= clock.now()) return null;
  return streamClaimsSchema.safeParse(row.claims).data ?? null;
}
