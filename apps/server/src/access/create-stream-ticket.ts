import type { StreamTokenResource } from "@slotwire/contract";
import { system } from "../db/database.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { newSessionToken } from "./session-token.ts";
import { endOf, type StreamClaims } from "./stream-claims.ts";

/** How long a ticket can be used, in milliseconds: it stands in addresses, which others may see. */
const TICKET_LIFETIME = 30_000;

/** Makes a ticket: it opens one stream, within 30 seconds. Only its hash is stored. */
export async function createStreamTicket(
  { db, clock }: AccessDeps,
  claims: StreamClaims,
): Promise<StreamTokenResource> {
  const { token, hash } = newSessionToken();
  const end = endOf(claims);
  const now = clock.now().getTime();
  const expiresAt = new Date(Math.min(now + TICKET_LIFETIME, end.getTime()));
  await db.transaction(system, (tx) =>
    tx.query(
      `INSERT INTO stream_ticket (token_hash, org_id_of, claims, expires_at)
       VALUES ($1, $2, $3::jsonb, $4)`,
      [hash, claims.org, JSON.stringify(claims), expiresAt],
    ),
  );
  return {
    kind: "ticket",
    token,
    expires_at: expiresAt.toISOString(),
    stream_ends_at: end.toISOString(),
  };
}
