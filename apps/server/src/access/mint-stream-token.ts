import { randomUUID } from "node:crypto";
import type { createStreamTokenSchema, StreamTokenResource } from "@slotwire/contract";
import type { z } from "zod";
import type { Principal } from "./principal.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { endOf, type StreamClaims } from "./stream-claims.ts";
import { createStreamTicket } from "./create-stream-ticket.ts";
import type { StreamTokenSigner } from "./stream-token-signer.ts";

export interface MintDeps extends AccessDeps {
  readonly streamTokens: StreamTokenSigner;
}

/**
 * Makes a stream token, a ticket or a grant that may what the principal may, narrowed by filters.
 * Nothing is checked of the filters' ids: what is not the organisation's occurs in no event of it.
 */
export async function mintStreamToken(
  deps: MintDeps,
  principal: Principal,
  request: z.output<typeof createStreamTokenSchema>,
): Promise<StreamTokenResource> {
  const { ttl_seconds, ticket, grant, ...filters } = request;
  const claims: StreamClaims = {
    org: principal.orgId,
    sub: `${principal.kind === "user" ? "user" : "key"}:${principal.id}`,
    role: principal.role,
    flt: filters,
    jti: randomUUID(),
    exp: Math.floor(deps.clock.now().getTime() / 1000) + ttl_seconds,
  };
  if (ticket === true) return createStreamTicket(deps, claims);
  return signed(deps, grant === true ? "grant" : "token", claims);
}

/** Signs claims as a token or a grant. */
export async function signed(
  { streamTokens }: MintDeps,
  kind: "token" | "grant",
  claims: StreamClaims,
): Promise<StreamTokenResource> {
  const end = endOf(claims).toISOString();
  return {
    kind,
    token: await streamTokens.sign(kind, claims),
    expires_at: end,
    stream_ends_at: end,
  };
}
