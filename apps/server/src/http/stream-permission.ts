import { isDeepStrictEqual } from "node:util";
import type { FastifyRequest } from "fastify";
import { can } from "../access/can.ts";
import type { Principal } from "../access/principal.ts";
import { readStreamPass } from "../access/stream-pass.ts";
import { viewOf } from "../access/view-of.ts";
import { isSameView } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { Hub } from "./app.types.ts";
import { principalFinder } from "./identify.ts";
import { isForItsPage } from "./stream-origins.ts";
import { streamPassDeps } from "./stream-passes.ts";

/** Whoever may do more or less by now opens another stream: what is shown beside it has changed, too. */
function seesTheSame(now: Principal, opener: Principal): boolean {
  const views = [viewOf(now, "events:read"), viewOf(opener, "events:read")] as const;
  return can(now, "events:read") && now.role === opener.role && isSameView(...views);
}

/**
 * Makes the check whether whoever opened a stream may still read it: the same person or key, who
 * is shown the same of the same organisation; with a token, whose minter may what it could.
 */
export function streamPermission(
  hub: Hub,
): (request: FastifyRequest, opener: Principal) => Promise<boolean> {
  const findPrincipal = principalFinder(hub);
  const deps = streamPassDeps(hub);
  const check = async (request: FastifyRequest, opener: Principal): Promise<boolean> => {
    if (request.streamPass === null) {
      const now = await findPrincipal(request);
      return now !== null && now.id === opener.id && seesTheSame(now, opener);
    }
    const pass = await readStreamPass(deps, request.streamPass.claims);
    if (pass === null || !isDeepStrictEqual(pass, request.streamPass)) return false;
    return isForItsPage(hub, request, pass);
  };
  return async (request, opener) => {
    try {
      return await check(request, opener);
    } catch (error) {
      // A key that is refused, and not a database that is away.
      if (error instanceof SlotwireError && error.status < 500) return false;
      throw error;
    }
  };
}
