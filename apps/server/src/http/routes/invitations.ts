import {
  acceptInvitationSchema,
  type CreatedInvitation,
  createdInvitationSchema,
  createInvitationSchema,
  invitationPreviewSchema,
  invitationSchema,
  invitationTokenSchema,
  listOf,
  pageQuerySchema,
  sessionSchema,
} from "@slotwire/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { describeSession } from "../../access/describe-session.ts";
import { acceptInvitation } from "../../access/invitations/accept-invitation.ts";
import { createInvitation } from "../../access/invitations/create-invitation.ts";
import { forgetMailedToken } from "../../access/invitations/forget-mailed-token.ts";
import { invitationMail } from "../../access/invitations/invitation-mail.ts";
import type { SentInvitation } from "../../access/invitations/invitation-row.ts";
import { listInvitations } from "../../access/invitations/list-invitations.ts";
import { mailInvitation } from "../../access/invitations/mail-invitation.ts";
import { previewInvitation } from "../../access/invitations/preview-invitation.ts";
import { resendInvitation } from "../../access/invitations/resend-invitation.ts";
import { revokeInvitation } from "../../access/invitations/revoke-invitation.ts";
import type { Caller } from "../../access/members/manage-members.ts";
import { readSession } from "../../access/read-session.ts";
import { hashSessionToken } from "../../access/session-token.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { AttemptLimit, requireAttempt } from "../attempt-limit.ts";
import { originOf, requireRole } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { invitationCookie } from "../invitation-cookie.ts";
import { requireRecentProof } from "../recent-proof.ts";
import { recheckStreams } from "../recheck-streams.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { sessionCookie } from "../session-cookie.ts";

const tags = ["members"];
const params = z.object({ id: z.uuid() });
const idCursorSchema = z.tuple([z.uuid()]);

/** Looks at links per address: twenty at once, then one every six seconds. */
const linkLimit = { burst: 20, interval: 6_000 };

/** Inviting people, and accepting invitations. */
export function invitationsRoutes(app: App, hub: Hub): void {
  recheckStreams(app, hub);
  addManagement(app, hub);
  addSending(app, hub);
  const limit = new AttemptLimit(hub.clock, linkLimit);
  addPreview(app, hub, limit);
  addMailing(app, hub, limit);
  addAcceptance(app, hub, limit);
}

function addManagement(app: App, hub: Hub): void {
  app.get(
    "/api/v1/invitations",
    {
      schema: {
        tags,
        summary: "List the open invitations",
        description: "The newest first; expired ones are among them until they are revoked.",
        querystring: pageQuerySchema,
        response: { 200: listOf(invitationSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "members:read");
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { invitations, next } = await listInvitations(hub, orgId, { limit, before });
      return { data: invitations, next_cursor: next && encodeCursor([next]) };
    },
  );

  app.delete(
    "/api/v1/invitations/:id",
    {
      schema: {
        tags,
        summary: "Revoke an invitation",
        params,
        response: { 204: z.null().describe("Revoked") },
      },
    },
    async (request, reply) => {
      const principal = requireRole(request, "members:manage");
      const caller = { principal, origin: originOf(request) };
      await revokeInvitation(hub, caller, request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function addSending(app: App, hub: Hub): void {
  app.post(
    "/api/v1/invitations",
    {
      schema: {
        tags,
        summary: "Invite somebody",
        description:
          "By e-mail when a mail server is set. The answer is the only one that shows the link, which works once within seven days.",
        body: createInvitationSchema,
        response: { 201: createdInvitationSchema },
      },
    },
    async (request, reply) => {
      const caller = sender(request);
      const sent = await createInvitation(hub, caller, request.body);
      return reply.code(201).send(await handOut(hub, request, caller, sent));
    },
  );

  app.post(
    "/api/v1/invitations/:id/resend",
    {
      schema: {
        tags,
        summary: "Send an invitation again",
        description: "With a new link and for another seven days; the old link stops working.",
        params,
        response: { 200: createdInvitationSchema },
      },
    },
    async (request) => {
      const caller = sender(request);
      return handOut(hub, request, caller, await resendInvitation(hub, caller, request.params.id));
    },
  );
}

function sender(request: FastifyRequest): Caller {
  const principal = requireRole(request, "members:manage");
  requireRecentProof(request);
  return { principal, origin: originOf(request) };
}

/** Mails a link of its own if that is possible; whoever invites gets another in any case. */
async function handOut(
  hub: Hub,
  request: FastifyRequest,
  { principal }: Caller,
  sent: SentInvitation,
): Promise<CreatedInvitation> {
  const { config, mailer } = hub;
  const linkOf = (token: string): string => `${config.publicUrl}/invite#token=${token}`;
  const eMailed = await mailer
    ?.send(invitationMail(sent, linkOf(sent.mailedToken)))
    .then(() => true)
    .catch(async (error: unknown) => {
      if (!(error instanceof SlotwireError)) throw error;
      await forgetMailedToken(hub, principal.orgId, sent.invitation.id);
      request.log.warn({ code: error.code, detail: error.message }, "an invitation was not mailed");
      return false;
    });
  return { ...sent.invitation, link: linkOf(sent.token), e_mailed: eMailed ?? false };
}

function addPreview(app: App, hub: Hub, limit: AttemptLimit): void {
  const invited = invitationCookie(hub);
  app.post(
    "/api/v1/invitations/preview",
    {
      schema: {
        tags,
        security: [],
        summary: "Look at an invitation by its link's token",
        description:
          "Changes nothing. Whoever then signs in at `/api/v1/oidc/start?return_to=/invite` within half an hour accepts it.",
        body: invitationTokenSchema,
        response: { 200: invitationPreviewSchema },
      },
    },
    async (request, reply) => {
      refuseOtherOrigins(request, hub.config.publicUrl);
      requireAttempt(limit, request.ip);
      const { token } = request.body;
      const preview = await previewInvitation(hub, token);
      invited.write(reply, hashSessionToken(token).toString("base64"));
      return reply.send(preview);
    },
  );
}

function addMailing(app: App, hub: Hub, limit: AttemptLimit): void {
  const { publicUrl } = hub.config;
  app.post(
    "/api/v1/invitations/mail",
    {
      schema: {
        tags,
        security: [],
        summary: "Have an invitation's link mailed to its address",
        description:
          "For whoever holds the other link, and has no account yet. Five mails in a day. 409 `E_MAIL_UNSET` when the hub sends no mail.",
        body: invitationTokenSchema,
        response: { 202: z.null().describe("A mail with a link has gone to the invited address") },
      },
    },
    async (request, reply) => {
      refuseOtherOrigins(request, publicUrl);
      requireAttempt(limit, request.ip);
      await mailInvitation({ ...hub, publicUrl }, request.body.token, originOf(request));
      return reply.code(202).send(null);
    },
  );
}

function addAcceptance(app: App, hub: Hub, limit: AttemptLimit): void {
  const { publicUrl } = hub.config;
  const cookie = sessionCookie(publicUrl);
  const invited = invitationCookie(hub);
  app.post(
    "/api/v1/invitations/accept",
    {
      schema: {
        tags,
        security: [],
        summary: "Accept an invitation, and be signed in",
        description:
          "With `new_account` an account of the invited address is made, with the password given; 409 `E_ACCOUNT_EXISTS` when there is one. Where a link was mailed that takes its token (409 `E_INVITATION_MAIL`); else it is told five times a day in an organisation. Without it, send the account's password (and `code`), or be signed in as it. Nothing else tells whether there is an account.",
        body: acceptInvitationSchema,
        response: { 201: sessionSchema },
      },
    },
    async (request, reply) => {
      refuseOtherOrigins(request, publicUrl);
      requireAttempt(limit, request.ip);
      const { principal } = request;
      const before = cookie.read(request);
      const acceptor = { origin: originOf(request), principal, sessionToken: before };
      const started = await acceptInvitation(hub, request.body, acceptor);
      const token = started?.token ?? before;
      const joined = token === null ? null : await readSession(hub, token);
      if (joined === null) throw new SlotwireError("E_UNAUTHENTICATED");
      if (started !== null) cookie.write(reply, started.token, started.expiresAt);
      invited.clear(reply);
      return reply.code(201).send(await describeSession(hub, joined));
    },
  );
}
