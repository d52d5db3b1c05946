import type { FastifyRequest } from "fastify";
import { type SecurityNotice, sendSecurityNotice } from "../access/send-security-notice.ts";
import { loggableError } from "../db/loggable-error.ts";
import type { App, Hub } from "./app.types.ts";

/** Tells somebody by mail what changed about how they sign in. */
export type TellOwner = (request: FastifyRequest, notice: SecurityNotice) => void;

/**
 * Makes what routes tell account owners by. Nobody waits for the mail, and when it does not go out
 * only the log says so: what was done is done. Closing the app waits for mails under way.
 */
export function securityNotices(app: App, hub: Hub): TellOwner {
  const { publicUrl } = hub.config;
  const underWay = new Set<Promise<void>>();
  app.addHook("preClose", async () => {
    await Promise.all(underWay);
  });
  return (request, notice) => {
    const work = sendSecurityNotice({ ...hub, publicUrl }, notice)
      .catch((error: unknown) => {
        const { change } = notice;
        request.log.warn({ err: loggableError(error), change }, "a notice was not mailed");
      })
      .finally(() => underWay.delete(work));
    underWay.add(work);
  };
}
