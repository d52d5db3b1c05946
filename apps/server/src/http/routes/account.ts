import {
  confirmTotpSchema,
  recoveryCodesSchema,
  type SessionResource,
  sessionSchema,
  setPasswordSchema,
  totpSetupSchema,
  updateAccountSchema,
} from "@slotwire/contract";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { changePassword } from "../../access/change-password.ts";
import { confirmTotp } from "../../access/confirm-totp.ts";
import { describeSession } from "../../access/describe-session.ts";
import { disableTotp } from "../../access/disable-totp.ts";
import { readSession } from "../../access/read-session.ts";
import { renewRecoveryCodes } from "../../access/renew-recovery-codes.ts";
import type { StartedSession } from "../../access/start-session.ts";
import { startTotp } from "../../access/start-totp.ts";
import { updateAccount } from "../../access/update-account.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { requirePerson } from "../person.ts";
import { requireRecentProof } from "../recent-proof.ts";
import { recheckStreams } from "../recheck-streams.ts";
import { securityNotices } from "../security-notices.ts";
import { sessionCookie } from "../session-cookie.ts";

const tags = ["account"];
/** What a change of how one signs in means for sessions. */
const rotation = "All your other sessions end, and this one gets a new cookie.";

/** One's own account: name, e-mail, password, second factor. */
export function accountRoutes(app: App, hub: Hub): void {
  recheckStreams(app, hub);
  const cookie = sessionCookie(hub.config.publicUrl);
  const tellOwner = securityNotices(app, hub);

  /** Describes the session as it is now, under the token that it has now. */
  const describe = async (token: string | null): Promise<SessionResource> => {
    const principal = token === null ? null : await readSession(hub, token);
    if (principal === null) throw new SlotwireError("E_UNAUTHENTICATED");
    return describeSession(hub, principal);
  };
  const keep = (reply: FastifyReply, { token, expiresAt }: StartedSession): void =>
    cookie.write(reply, token, expiresAt);

  app.patch(
    "/api/v1/account",
    {
      schema: {
        tags,
        summary: "Change your name or e-mail",
        description:
          "The e-mail says whose bookings a member sees, so only owners and admins change their own, within ten minutes after showing who they are. Where the hub sends mail it is `pending_email` until the link that is mailed to it is opened.",
        body: updateAccountSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const person = requirePerson(request);
      const { publicUrl } = hub.config;
      const changes = request.body;
      const deps = { ...hub, publicUrl };
      const { formerEmail, presentEmail } = await updateAccount(deps, person, changes);
      const { userId } = person;
      if (presentEmail !== null) {
        tellOwner(request, { userId, change: "email_change_requested", to: presentEmail });
      }
      if (formerEmail !== null) {
        tellOwner(request, { userId, change: "email_changed", to: formerEmail });
      }
      return describe(cookie.read(request));
    },
  );

  app.put(
    "/api/v1/account/password",
    {
      schema: {
        tags,
        summary: "Set your password",
        description: `With the present one, or within ten minutes after showing who you are. ${rotation}`,
        body: setPasswordSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      const { password, current_password: currentPassword } = request.body;
      const person = requirePerson(request);
      const session = await changePassword(hub, person, { password, currentPassword });
      keep(reply, session);
      tellOwner(request, { userId: person.userId, change: "password_changed" });
      return describe(session.token);
    },
  );

  app.post(
    "/api/v1/account/totp",
    {
      schema: {
        tags,
        summary: "Begin to set up an authenticator app",
        description: "The secret is shown once, and counts when a code of it is confirmed.",
        response: { 200: totpSetupSchema },
      },
    },
    (request) => {
      const person = requirePerson(request);
      requireRecentProof(request);
      return startTotp(hub, person);
    },
  );

  app.post(
    "/api/v1/account/totp/confirm",
    {
      schema: {
        tags,
        summary: "Make the authenticator app count",
        description: `Shows ten recovery codes, once. ${rotation}`,
        body: confirmTotpSchema,
        response: { 200: recoveryCodesSchema },
      },
    },
    async (request, reply) => {
      const { code } = request.body;
      const person = requirePerson(request);
      const { recoveryCodes, session } = await confirmTotp(hub, person, code);
      keep(reply, session);
      tellOwner(request, { userId: person.userId, change: "second_factor_enabled" });
      return { recovery_codes: [...recoveryCodes] };
    },
  );

  app.delete(
    "/api/v1/account/totp",
    {
      schema: {
        tags,
        summary: "Take the second factor off",
        description: `Within ten minutes after showing who you are. ${rotation}`,
        response: { 204: z.null().describe("The password alone is enough") },
      },
    },
    async (request, reply) => {
      const person = requirePerson(request);
      requireRecentProof(request);
      const { session, wasOn } = await disableTotp(hub, person);
      keep(reply, session);
      if (wasOn) tellOwner(request, { userId: person.userId, change: "second_factor_disabled" });
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/api/v1/account/recovery-codes",
    {
      schema: {
        tags,
        summary: "Make new recovery codes",
        description: "Ten in place of those before, shown once.",
        response: { 200: recoveryCodesSchema },
      },
    },
    async (request) => {
      const person = requirePerson(request);
      requireRecentProof(request);
      return { recovery_codes: await renewRecoveryCodes(hub, person) };
    },
  );
}
