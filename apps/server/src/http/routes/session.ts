import {
  confirmSessionSchema,
  createSessionSchema,
  sessionSchema,
  signInOptionsSchema,
  switchOrganisationSchema,
} from "@slotwire/contract";
import { z } from "zod";
import { confirmSession } from "../../access/confirm-session.ts";
import { describeSession } from "../../access/describe-session.ts";
import { ownerCanSignIn } from "../../access/owner-can-sign-in.ts";
import { readSession } from "../../access/read-session.ts";
import { signInByPassword } from "../../access/sign-in-by-password.ts";
import { signIn } from "../../access/sign-in.ts";
import { signOut } from "../../access/sign-out.ts";
import { switchOrganisation } from "../../access/switch-organisation.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { AttemptLimit, requireAttempt } from "../attempt-limit.ts";
import { originOf, requireRole } from "../authorise.ts";
import { requirePerson } from "../person.ts";
import { recheckStreams } from "../recheck-streams.ts";
import { refuseOtherOrigins } from "../same-origin.ts";
import { sessionCookie } from "../session-cookie.ts";

/** Attempts to use a link per address: ten at once, then one every six seconds. */
const linkLimit = { burst: 10, interval: 6_000 };

const tags = ["session"];

/** Signing in and out, showing again who one is, and choosing the organisation. */
export function sessionRoutes(app: App, hub: Hub): void {
  recheckStreams(app, hub);
  const { publicUrl, oidc } = hub.config;
  const cookie = sessionCookie(publicUrl);
  const limit = new AttemptLimit(hub.clock, linkLimit);

  app.get(
    "/api/v1/sign-in-options",
    {
      schema: {
        tags,
        security: [],
        summary: "How one can sign in here",
        description:
          "`setup` is true until an owner can sign in: the hub's terminal shows the link that begins. Without `password_reset` the hub sends no mail: an owner prints a link with `npx slotwire admin create`.",
        response: { 200: signInOptionsSchema },
      },
    },
    async () => ({
      password: true as const,
      oidc: oidc === null ? null : { label: oidc.label },
      setup: !(await ownerCanSignIn(hub, hub.defaultOrgId)),
      password_reset: hub.mailer !== null,
    }),
  );

  app.post(
    "/api/v1/session",
    {
      schema: {
        tags,
        security: [],
        summary: "Sign in",
        description:
          "With a one-time link's token, which is burnt, or with e-mail and password. 401 `E_SECOND_FACTOR` asks for the same again with `code`: the authenticator app's, or a recovery code. Sets the session's cookie.",
        body: createSessionSchema,
        response: { 201: sessionSchema },
      },
    },
    async (request, reply) => {
      refuseOtherOrigins(request, publicUrl);
      const { body } = request;
      const from = { origin: originOf(request), replaces: cookie.read(request) };
      if ("token" in body) requireAttempt(limit, request.ip);
      const session =
        "token" in body
          ? await signIn(hub, body.token, from)
          : await signInByPassword(hub, body, from);
      const principal = await readSession(hub, session.token);
      if (principal === null) throw new SlotwireError("E_UNAUTHENTICATED");
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
      if (token !== null) await signOut(hub, token, originOf(request));
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/api/v1/session/confirm",
    {
      schema: {
        tags,
        summary: "Show again that it is you",
        description:
          "Sensitive requests answer 403 `E_CONFIRM` when the last proof is older than ten minutes. Whoever has no password signs in again instead.",
        body: confirmSessionSchema,
        response: { 204: z.null().describe("Confirmed, for ten minutes") },
      },
    },
    async (request, reply) => {
      await confirmSession(hub, requirePerson(request), request.body);
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
