import { confirmEmailSchema, sessionSchema } from "@slotwire/contract";
import { z } from "zod";
import { describeSession } from "../../access/describe-session.ts";
import { cancelEmailChange } from "../../access/email-change/cancel-email-change.ts";
import { confirmEmail } from "../../access/email-change/confirm-email.ts";
import { resendEmailLink } from "../../access/email-change/resend-email-link.ts";
import type { App, Hub } from "../app.types.ts";
import { AttemptLimit, requireAttempt } from "../attempt-limit.ts";
import { requireRole } from "../authorise.ts";
import { requirePerson } from "../person.ts";
import { recheckStreams } from "../recheck-streams.ts";
import { securityNotices } from "../security-notices.ts";

const tags = ["account"];
const path = "/api/v1/account/email-change";

/** Links tried per address: ten at once, then one every six seconds. */
const linkLimit = { burst: 10, interval: 6_000 };

/** What becomes of an e-mail that one has asked for: `PATCH /api/v1/account` begins it. */
export function accountEmailRoutes(app: App, hub: Hub): void {
  recheckStreams(app, hub);
  const { publicUrl } = hub.config;
  const limit = new AttemptLimit(hub.clock, linkLimit);
  const tellOwner = securityNotices(app, hub);

  app.post(
    `${path}/confirm`,
    {
      schema: {
        tags,
        summary: "Make the pending e-mail yours, with a mailed link's token",
        description:
          "Signed in to the account that asked for it. From then on it signs you in, and is proven.",
        body: confirmEmailSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const person = requirePerson(request);
      requireAttempt(limit, request.ip);
      const { formerEmail } = await confirmEmail(hub, person, request.body.token);
      if (formerEmail !== null) {
        tellOwner(request, { userId: person.userId, change: "email_changed", to: formerEmail });
      }
      return describeSession(hub, requireRole(request, "session:read"));
    },
  );

  app.post(
    `${path}/resend`,
    {
      schema: {
        tags,
        summary: "Mail another link to the pending e-mail",
        description: "The one before stops working. Five mails in a day.",
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      await resendEmailLink({ ...hub, publicUrl }, requirePerson(request));
      return describeSession(hub, requireRole(request, "session:read"));
    },
  );

  app.delete(
    path,
    {
      schema: {
        tags,
        summary: "Take the change of your e-mail back",
        description: "As long as it is pending. Its link stops working.",
        response: { 204: z.null().describe("None is pending") },
      },
    },
    async (request, reply) => {
      await cancelEmailChange(hub, requirePerson(request));
      return reply.code(204).send(null);
    },
  );
}
