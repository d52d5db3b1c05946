import {
  apiKeySchema,
  apiKeysQuerySchema,
  createApiKeySchema,
  createdApiKeySchema,
  listOf,
  revokedKeysSchema,
} from "@slotwire/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Action } from "../../access/can.ts";
import { createApiKey } from "../../access/create-api-key.ts";
import { environmentKeyResource } from "../../access/environment-key.ts";
import { type KeyMaker, keyMaker } from "../../access/key-maker.ts";
import { listApiKeys } from "../../access/list-api-keys.ts";
import type { Principal } from "../../access/principal.ts";
import { auditActor, type Author } from "../../access/record-audit.ts";
import { revokeApiKey } from "../../access/revoke-api-key.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf, requireGrant } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { requireRecentProof } from "../recent-proof.ts";

const tags = ["api-keys"];
const idCursorSchema = z.tuple([z.uuid()]);

/** Who asks for keys, and whose they may see and end: null for everybody's. */
interface KeyCaller {
  readonly principal: Principal;
  readonly maker: KeyMaker;
  readonly ownedBy: string | null;
}

/** Making, listing and revoking the organisation's API keys. */
export function apiKeysRoutes(app: App, hub: Hub): void {
  const requireCaller = async (request: FastifyRequest, action: Action): Promise<KeyCaller> => {
    const { principal, grant } = requireGrant(request, action);
    const maker = await keyMaker(hub, principal);
    if (grant === "all") return { principal, maker, ownedBy: null };
    if (maker.userId === null) throw new SlotwireError("E_FORBIDDEN");
    return { principal, maker, ownedBy: maker.userId };
  };
  const authorOf = (request: FastifyRequest, principal: Principal): Author => ({
    orgId: principal.orgId,
    actor: auditActor(principal),
    origin: originOf(request),
  });

  app.get(
    "/api/v1/api-keys",
    {
      schema: {
        tags,
        summary: "List API keys",
        description:
          "The newest first; developers see their own. Expired keys are among them, revoked ones are not. The environment's key comes first and has the id `environment`.",
        querystring: apiKeysQuerySchema,
        response: { 200: listOf(apiKeySchema) },
      },
    },
    async (request) => {
      const { principal, ownedBy } = await requireCaller(request, "keys:read");
      const { orgId } = principal;
      const { limit, cursor, made_by_key: madeByKey = null } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { keys, next } = await listApiKeys(hub, {
        orgId,
        ownedBy,
        madeByKey,
        limit,
        before,
      });
      const hasEnvironmentKey = hub.config.apiKey !== null && orgId === hub.defaultOrgId;
      const isWhole = ownedBy === null && madeByKey === null;
      const first = hasEnvironmentKey && isWhole && before === null;
      return {
        data: first ? [environmentKeyResource, ...keys] : keys,
        next_cursor: next === null ? null : encodeCursor([next]),
      };
    },
  );

  app.post(
    "/api/v1/api-keys",
    {
      schema: {
        tags,
        summary: "Make an API key",
        description:
          "The answer is the only one that shows the key. It never may more than whoever makes it. A key that makes it is its limit in all: requests a minute, end and addresses, which are also what is not named gets; and it ends with that key. People confirm who they are first, if that is more than ten minutes ago.",
        body: createApiKeySchema,
        response: { 201: createdApiKeySchema },
      },
    },
    async (request, reply) => {
      const { principal, maker } = await requireCaller(request, "keys:manage");
      requireRecentProof(request);
      const author = authorOf(request, principal);
      const created = await createApiKey(hub, author, maker, request.body);
      // Its pages are let in at once, though one may have been refused a moment ago.
      if (created.kind === "publishable") hub.keys.changed();
      return reply.code(201).send(created);
    },
  );

  app.delete(
    "/api/v1/api-keys/:id",
    {
      schema: {
        tags,
        summary: "Revoke an API key",
        description:
          "It ends at once, and with it the stream tokens and the keys that it made, and the keys that those made: the answer names them, and `made_by_key` of the list tells them before. Other nodes know within 5 seconds. People confirm who they are first, if that is more than ten minutes ago.",
        params: z.object({ id: z.string().max(100) }),
        response: { 200: revokedKeysSchema },
      },
    },
    async (request) => {
      const { principal, ownedBy } = await requireCaller(request, "keys:manage");
      requireRecentProof(request);
      const { id } = request.params;
      return {
        revoked_keys: await revokeApiKey(hub, authorOf(request, principal), { id, ownedBy }),
      };
    },
  );
}
