import {
  listOf,
  memberKeysQuerySchema,
  memberKeysSchema,
  memberSchema,
  pageQuerySchema,
  removeMemberQuerySchema,
  updatedMemberSchema,
  updateMemberSchema,
} from "@slotwire/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { listMembers } from "../../access/members/list-members.ts";
import { previewMemberKeys } from "../../access/members/preview-member-keys.ts";
import { removeMember } from "../../access/members/remove-member.ts";
import { updateMember } from "../../access/members/update-member.ts";
import type { Principal } from "../../access/principal.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf, requireRole } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";
import { requireRecentProof } from "../recent-proof.ts";

const tags = ["members"];
const params = z.object({ user_id: z.uuid() });

/** Everybody may leave, and see what that means; for others one manages members. */
function requireSelfOrManager(request: FastifyRequest, userId: string): Principal {
  const isSelf = request.principal?.kind === "user" && request.principal.id === userId;
  return requireRole(request, isSelf ? "session:read" : "members:manage");
}

/** Who belongs to the organisation, and what they may do. */
export function membersRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/members",
    {
      schema: {
        tags,
        summary: "List the members",
        description: "The longest-standing first.",
        querystring: pageQuerySchema,
        response: { 200: listOf(memberSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "members:read");
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const { members, next } = await listMembers(hub, orgId, { limit, after });
      return { data: members, next_cursor: next && encodeCursor(next) };
    },
  );

  app.get(
    "/api/v1/members/:user_id/keys",
    {
      schema: {
        tags,
        summary: "See what would become of a member's keys",
        description:
          "If the membership ended, or got the `role`. Keys that the member could not make any more are named: a developer's own end, the organisation's go on unless `revoke_keys` is asked for.",
        params,
        querystring: memberKeysQuerySchema,
        response: { 200: memberKeysSchema },
      },
    },
    (request) => {
      const { user_id: userId } = request.params;
      const { orgId } = requireSelfOrManager(request, userId);
      return previewMemberKeys(hub, orgId, { userId, role: request.query.role ?? null });
    },
  );

  app.patch(
    "/api/v1/members/:user_id",
    {
      schema: {
        tags,
        summary: "Change a member's role, or what a staff member sees",
        description:
          "It counts from the member's next request on. Only an owner makes, changes or removes owners; one owner always stays. The answer names the keys that the member made and in the new role could not make: a developer's own end, the organisation's go on unless `revoke_keys` is true.",
        params,
        body: updateMemberSchema,
        response: { 200: updatedMemberSchema },
      },
    },
    (request) => {
      const principal = requireRole(request, "members:manage");
      requireRecentProof(request);
      const caller = { principal, origin: originOf(request) };
      return updateMember(hub, caller, request.params.user_id, request.body);
    },
  );

  app.delete(
    "/api/v1/members/:user_id",
    {
      schema: {
        tags,
        summary: "Remove a member, or leave",
        description:
          "Ends the person's sessions in this organisation, and revokes their own keys and the invitations that they sent. The organisation's keys that they made go on unless `revoke_keys` is true; the answer names all. Everybody may remove themselves, except the last owner.",
        params,
        querystring: removeMemberQuerySchema,
        response: { 200: memberKeysSchema },
      },
    },
    (request) => {
      const { user_id: userId } = request.params;
      const principal = requireSelfOrManager(request, userId);
      requireRecentProof(request);
      const revokeKeys = request.query.revoke_keys === "true";
      const caller = { principal, origin: originOf(request) };
      return removeMember(hub, caller, { userId, revokeKeys });
    },
  );
}
