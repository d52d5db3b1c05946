import { requestPasswordResetSchema, resetPasswordSchema } from "@slotwire/contract";
import { z } from "zod";
import { requestPasswordReset } from "../../access/request-password-reset.ts";
import { resetPassword } from "../../access/reset-password.ts";
import { loggableError } from "../../db/loggable-error.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { AttemptLimit, requireAttempt } from "../attempt-limit.ts";
import { originOf } from "../authorise.ts";
import { recheckStreams } from "../recheck-streams.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { securityNotices } from "../security-notices.ts";

/** Per address: ten at once, then one a minute. */
const resetLimit = { burst: 10, interval: 60_000 };

const tags = ["session"];

/** Forgotten passwords. */
export function passwordResetRoutes(app: App, hub: Hub): void {
  recheckStreams(app, hub, ({ method }) => method === "PUT");
  const { publicUrl } = hub.config;
  const limit = new AttemptLimit(hub.clock, resetLimit);
  const tellOwner = securityNotices(app, hub);
  const underWay = new Set<Promise<void>>();
  app.addHook("preClose", async () => {
    await Promise.all(underWay);
  });

  app.post(
    "/api/v1/password-reset",
    {
      schema: {
        tags,
        security: [],
        summary: "Ask for a link to choose a new password",
        description:
          "Answers the same whether or not there is an account of this e-mail. 409 `E_MAIL_UNSET` when the hub sends no mail.",
        body: requestPasswordResetSchema,
        response: { 202: z.null().describe("If there is such an account, it has mail") },
      },
    },
    async (request, reply) => {
      refuseOtherOrigins(request, publicUrl);
      if (hub.mailer === null) throw new SlotwireError("E_MAIL_UNSET");
      requireAttempt(limit, request.ip);
      // Not waited for: how long it takes would tell whether there is an account.
      const work = requestPasswordReset(
        { ...hub, publicUrl },
        request.body.email,
        originOf(request),
      )
        .catch((error: unknown) => {
          if (error instanceof SlotwireError && error.code === "E_RATE_LIMITED") return;
          request.log.error({ err: loggableError(error) }, "no mail for a forgotten password");
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
      return reply.code(202).send(null);
    },
  );

  app.put(
    "/api/v1/password-reset",
    {
      schema: {
        tags,
        security: [],
        summary: "Choose a new password with a mailed link's token",
        description: "All sessions end. Signing in comes after, with the second factor if set.",
        body: resetPasswordSchema,
        response: { 204: z.null().describe("The password is set") },
      },
    },
    async (request, reply) => {
      refuseOtherOrigins(request, publicUrl);
      requireAttempt(limit, request.ip);
      const { userId } = await resetPassword(hub, { ...request.body, origin: originOf(request) });
      tellOwner(request, { userId, change: "password_reset" });
      return reply.code(204).send(null);
    },
  );
}
