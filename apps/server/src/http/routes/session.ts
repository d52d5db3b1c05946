import { createSessionSchema, sessionSchema, switchOrganisationSchema } from "@slotwire/contract";
import { z } from "zod";
import { describeSession } from "../../access/describe-session.ts";
import { readSession } from "../../access/read-session.ts";
import { signIn } from "../../access/sign-in.ts";
import { signOut } from "../../access/sign-out.ts";
import { switchOrganisation } from "../../access/switch-organisation.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { AttemptLimit, requireAttempt } from "../attempt-limit.ts";
import { requireRole } from "../authorise.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { sessionCookie } from "../session-cookie.ts";

/** Sign-in attempts per address: ten at once, then one every six seconds. */
const signInLimit = { burst: 10, interval: 6_000 };

const tags = ["session"];

/** Signing in and out, and choosing the organisation. */
export function sessionRoutes(app: App, hub: Hub): void {
  const { publicUrl } = hub.config;
  const cookie = sessionCookie(publicUrl);
  const limit = new AttemptLimit(hub.clock, signInLimit);

  app.post(
    "/api/v1/session",
    {
      schema: {
        tags,
        security: [],
        summary: "Sign in with a one-time link's token",
        description: "Burns the token and sets the session's cookie.",
        body: createSessionSchema,
        response: { 201: sessionSchema },
      },
    },
    async (request, reply) => {
      refuseOtherOrigins(request, publicUrl);
      requireAttempt(limit, request.ip);
      const session = await signIn(hub, request.body.token);
      const principal = await readSession(hub, session.token);
      if (principal === null) throw new SlotwireError("E_LINK_INVALID");
      cookie.write(reply, session.token, session.expiresAt);
      return reply.code(201).send(await describeSession(hub, principal));
    },
  );

  app.get(
    "/api/v1/session",
    {
      schema: { tags, summary: "Who is signed in", response: { 200: sessionSchema } },
    },
    (request) => describeSession(hub, requireRole(request, "session:read")),
  );

  app.delete(
    "/api/v1/session",
    {
      schema: {
        tags,
        summary: "Sign out",
        description: "Ends the session, if there is one.",
        response: { 204: z.null().describe("Signed out") },
      },
    },
    async (request, reply) => {
      const token = cookie.read(request);
      if (token !== null) await signOut(hub, token);
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );

  app.put(
    "/api/v1/session/organisation",
    {
      schema: {
        tags,
        summary: "Switch to another organisation of yours",
        body: switchOrganisationSchema,
        response: { 200: sessionSchema },
      },
    },
    async (request) => {
      const principal = requireRole(request, "session:read");
      const token = cookie.read(request);
      if (token === null || principal.kind !== "user") {
        throw new SlotwireError("E_FORBIDDEN", { detail: "An API key has no session." });
      }
      await switchOrganisation(hub, token, request.body.organisation_id);
      const switched = await readSession(hub, token);
      if (switched === null) throw new SlotwireError("E_UNAUTHENTICATED");
      return describeSession(hub, switched);
    },
  );
}
