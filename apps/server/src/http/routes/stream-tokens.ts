import {
  createStreamTokenSchema,
  exchangeStreamGrantSchema,
  streamTokenSchema,
} from "@slotwire/contract";
import { exchangeStreamGrant } from "../../access/exchange-stream-grant.ts";
import { mintStreamToken } from "../../access/mint-stream-token.ts";
import type { Principal } from "../../access/principal.ts";
import { viewOf } from "../../access/view-of.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { requireGrant } from "../authorise.ts";
import { EXCHANGE_ROUTE, requireOriginOf } from "../stream-origins.ts";
import { streamPassDeps } from "../stream-passes.ts";

const tags = ["events"];
const response = { 201: streamTokenSchema };

/**
 * Whoever is not shown addresses would learn by the events that come which one is a provider's.
 * @throws SlotwireError E_FORBIDDEN
 */
function refuseHiddenFilter(principal: Principal, emails: readonly string[] | undefined): void {
  if (emails === undefined || viewOf(principal, "events:read").detail === "full") return;
  throw new SlotwireError("E_FORBIDDEN", {
    detail: "You may not filter by addresses, as you are not shown them. Filter by `user_ids`.",
  });
}

/** Short-lived permissions for the event stream, for pages that must hold no key. */
export function streamTokensRoutes(app: App, hub: Hub): void {
  app.post(
    "/api/v1/stream-tokens",
    {
      schema: {
        tags,
        summary: "Make a stream token, a ticket or a grant",
        description:
          "It may read what you may read of the stream, narrowed by the filters: an event has to pass every list that is given. A token goes into `Authorization`; a `ticket` into the query of an EventSource, within 30 seconds and once; a `grant` is exchanged by a page with a publishable key.",
        body: createStreamTokenSchema,
        response,
      },
    },
    async (request, reply) => {
      const { principal, grant } = requireGrant(request, "stream:mint");
      const { user_ids, provider_emails } = request.body;
      // Whoever is shown ids alone would learn by such a filter whose bookings they are.
      if (grant === "ids" && (user_ids ?? provider_emails) !== undefined) {
        throw new SlotwireError("E_FORBIDDEN", { detail: "You may not filter by person." });
      }
      refuseHiddenFilter(principal, provider_emails);
      return reply.code(201).send(await mintStreamToken(hub, principal, request.body));
    },
  );

  const deps = { ...streamPassDeps(hub), streamTokens: hub.streamTokens };
  app.post(
    EXCHANGE_ROUTE,
    {
      schema: {
        tags,
        security: [{ apiKey: [] }],
        summary: "Exchange a grant for a stream token",
        description:
          "For pages of the publishable key's origins, with that key as bearer token. What it answers has the grant's filters and ends with the grant.",
        body: exchangeStreamGrantSchema,
        response,
      },
    },
    async (request, reply) => {
      const { publishableKey } = request;
      if (publishableKey === null) {
        throw new SlotwireError("E_UNAUTHENTICATED", {
          detail: "Send a publishable key as bearer token.",
        });
      }
      requireOriginOf(request, publishableKey.allowedOrigins);
      return reply.code(201).send(await exchangeStreamGrant(deps, publishableKey, request.body));
    },
  );
}
