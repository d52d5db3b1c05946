import type { StreamTokenResource } from "@slotwire/contract";
import { SlotwireError } from "../errors.ts";
import { createStreamTicket } from "./create-stream-ticket.ts";
import type { LiveKey } from "./key-directory.ts";
import { type MintDeps, signed } from "./mint-stream-token.ts";
import { readStreamPass, type StreamPassDeps } from "./stream-pass.ts";

export interface ExchangeRequest {
  readonly grant: string;
  readonly ticket?: boolean | undefined;
}

/**
 * Exchanges a grant, which the organisation's server made, for a stream token or a ticket. It has
 * the grant's filters, ends with the grant, and is for pages of the key's origins.
 * @param page the publishable key, whose origin has been checked
 * @throws SlotwireError E_UNAUTHENTICATED when the grant is not the organisation's, or over
 */
export async function exchangeStreamGrant(
  deps: MintDeps & StreamPassDeps,
  page: LiveKey,
  { grant, ticket }: ExchangeRequest,
): Promise<StreamTokenResource> {
  const granted = await deps.streamTokens.read("grant", grant);
  const claims =
    granted === null || granted.org !== page.orgId ? null : { ...granted, pk: page.id };
  if (claims === null || (await readStreamPass(deps, claims)) === null) {
    throw new SlotwireError("E_UNAUTHENTICATED", {
      detail: "The grant is over or not this key's.",
    });
  }
  return ticket === true ? createStreamTicket(deps, claims) : signed(deps, "token", claims);
}
