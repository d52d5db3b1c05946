import {
  createStreamTokenSchema,
  exchangeStreamGrantSchema,
  streamTokenSchema,
} from "@slotwire/contract";
import { exchangeStreamGrant } from "../../access/exchange-stream-grant.ts";
import { mintStreamToken } from "../../access/mint-stream-token.ts";
import { requireShownFilter } from "../../access/require-shown-filter.ts";
import { viewOf } from "../../access/view-of.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { requireGrant } from "../authorise.ts";
import { EXCHANGE_ROUTE, requireOriginOf } from "../stream-origins.ts";
import { streamPassDeps } from "../stream-passes.ts";

const tags = ["events"];
const response = { 201: streamTokenSchema };

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
      const { principal } = requireGrant(request, "stream:mint");
      const { user_ids, provider_emails } = request.body;
      requireShownFilter(viewOf(principal, "events:read"), {
        members: user_ids !== undefined,
        addresses: provider_emails !== undefined,
        location: null,
      });
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
