import { auditActorSchema, auditEntrySchema, auditQuerySchema, listOf } from "@slotwire/contract";
import { listAudit } from "../../access/list-audit.ts";
import { listAuditActors } from "../../access/list-audit-actors.ts";
import type { App, Hub } from "../app.types.ts";
import { requireRole } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";

/** Reading who did what. Nobody can write or remove a line by the API. */
export function auditRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/audit",
    {
      schema: {
        tags: ["audit"],
        summary: "Read the audit log",
        description:
          "The newest first: who did what, when, from where, and what changed. `entity` is the first part of `action`, like `api_key`; several filters have to fit together. A value that no line could have is refused.",
        querystring: auditQuerySchema,
        response: { 200: listOf(auditEntrySchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "audit:read");
      const { limit, cursor, actor_id, actor_kind, entity, entity_id, action, from, to } =
        request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const filter = {
        actorId: actor_id,
        actorKind: actor_kind,
        entity,
        entityId: entity_id,
        action,
        from,
        to,
      };
      const { entries, next } = await listAudit(hub, orgId, filter, { limit, before });
      return { data: entries, next_cursor: next && encodeCursor(next) };
    },
  );

  app.get(
    "/api/v1/audit/actors",
    {
      schema: {
        tags: ["audit"],
        summary: "List who stands in the audit log",
        description:
          "By name: people and keys that ever did something, also those who have left since and those that were revoked. All on one page, 1,000 at most. Their `id` is what `actor_id` narrows the log to.",
        response: { 200: listOf(auditActorSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "audit:read");
      return { data: await listAuditActors(hub, orgId), next_cursor: null };
    },
  );
}
