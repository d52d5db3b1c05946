import type { FastifyRequest } from "fastify";
import { readStreamPass, type StreamPass, type StreamPassDeps } from "../access/stream-pass.ts";
import { readStreamTicket, ticketIsOver } from "../access/stream-ticket.ts";
import { SlotwireError } from "../errors.ts";
import type { Hub } from "./app.types.ts";
import { bearerOf } from "./bearer.ts";

/** The only route that takes stream tokens and tickets. */
export const STREAM_ROUTE = "/api/v1/stream";

/** What is needed to tell what a stream token is worth. */
export function streamPassDeps({ db, clock, keys, config, defaultOrgId }: Hub): StreamPassDeps {
  const environmentKeyOrg = config.apiKey === null ? null : defaultOrgId;
  return { db, clock, keys, environmentKeyOrg };
}

/**
 * The pass of a stream token; null for what is none.
 * @throws SlotwireError E_UNAUTHENTICATED for one that opens nothing any more, and says why
 */
async function readToken(
  { streamTokens }: Hub,
  deps: StreamPassDeps,
  token: string,
): Promise<StreamPass | null> {
  const claims = await streamTokens.read("token", token);
  if (claims === null) {
    if (await streamTokens.isOver("token", token)) throw refused("Its time is over.");
    return null;
  }
  const pass = await readStreamPass(deps, claims);
  if (pass === null) throw refused("Whoever made it is gone, or may something else by now.");
  return pass;
}

const refused = (why: string): SlotwireError =>
  new SlotwireError("E_UNAUTHENTICATED", {
    detail: `The stream token opens nothing any more. ${why}`,
  });

/**
 * Makes the function that reads a stream token from `Authorization`, or else a ticket of the
 * query, which the route burns once it is sure to answer. It answers null for any other route, and for requests without either.
 * A browser adds its cookie by itself, so a ticket counts beside one; whoever writes both a ticket
 * and `Authorization` is asked which is meant, and keeps the ticket.
 * It throws SlotwireError E_UNAUTHENTICATED for a ticket or token that opens nothing, E_TWO_PROOFS for
 * two.
 */
export function streamPassFinder(
  hub: Hub,
): (request: FastifyRequest) => Promise<StreamPass | null> {
  const deps = streamPassDeps(hub);
  const readTicket = async (ticket: string): Promise<StreamPass> => {
    const claims = await readStreamTicket(hub, ticket);
    const pass = claims === null ? null : await readStreamPass(deps, claims);
    if (pass === null) throw ticketIsOver();
    return pass;
  };
  return async (request) => {
    if (request.routeOptions.url !== STREAM_ROUTE) return null;
    const { authorization } = request.headers;
    const { ticket } = request.query as { ticket?: unknown };
    if (ticket !== undefined) {
      if (authorization !== undefined) throw new SlotwireError("E_TWO_PROOFS");
      return readTicket(typeof ticket === "string" ? ticket : "");
    }
    const token = bearerOf(request);
    return token === null ? null : readToken(hub, deps, token);
  };
}
