import { listOf, memberSchema, pageQuerySchema, updateMemberSchema } from "@slotwire/contract";
import { z } from "zod";
import { listMembers } from "../../access/members/list-members.ts";
import { removeMember } from "../../access/members/remove-member.ts";
import { updateMember } from "../../access/members/update-member.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf, requireRole } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";
import { requireRecentProof } from "../recent-proof.ts";

const tags = ["members"];
const params = z.object({ user_id: z.uuid() });

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

  app.patch(
    "/api/v1/members/:user_id",
    {
      schema: {
        tags,
        summary: "Change a member's role, or what a staff member sees",
        description:
          "It counts from the member's next request on. Only an owner makes, changes or removes owners; one owner always stays.",
        params,
        body: updateMemberSchema,
        response: { 200: memberSchema },
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
          "Ends the person's sessions in this organisation, and revokes their own keys and the invitations that they sent. Everybody may remove themselves, except the last owner.",
        params,
        response: { 204: z.null().describe("Removed") },
      },
    },
    async (request, reply) => {
      const { user_id: userId } = request.params;
      const leaves = request.principal?.kind === "user" && request.principal.id === userId;
      const principal = requireRole(request, leaves ? "session:read" : "members:manage");
      requireRecentProof(request);
      await removeMember(hub, { principal, origin: originOf(request) }, userId);
      return reply.code(204).send(null);
    },
  );
}
