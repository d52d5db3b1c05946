import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  createOidcClient,
  type OidcClient,
  type OidcSecrets,
} from "../../access/oidc/oidc-client.ts";
import { OidcRefusal } from "../../access/oidc/oidc-refusal.ts";
import { signInByIdentity } from "../../access/oidc/sign-in-by-identity.ts";
import { SlotwireError } from "../../errors.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf } from "../authorise.ts";
import { invitationCookie } from "../invitation-cookie.ts";
import { ownPath } from "../own-path.ts";
import { type SealedCookie, sealedCookie } from "../sealed-cookie.ts";
import { securityNotices } from "../security-notices.ts";
import { recheckStreams } from "../recheck-streams.ts";
import { sessionCookie } from "../session-cookie.ts";

const tags = ["session"];
const CALLBACK = "/api/v1/oidc/callback";
/** The page that an invitation's link opens. */
const INVITE_PAGE = "/invite";
/** How long a person may take at the provider. Milliseconds. */
const PATIENCE = 10 * 60_000;

/** What a browser keeps while its person is at the provider. */
const underWaySchema = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  isAnew: z.boolean(),
  returnTo: z.string(),
  /** Hash of the invitation's token, when the sign-in began at its page. */
  invitation: z.base64().nullable(),
});
type UnderWay = z.infer<typeof underWaySchema>;

/** Signing in at an OpenID Connect provider. */
export function oidcRoutes(app: App, hub: Hub): void {
  recheckStreams(app, hub);
  const { oidc, publicUrl } = hub.config;
  const client =
    oidc === null ? null : createOidcClient(oidc, `${publicUrl}${CALLBACK}`, hub.clock);
  const underWay = sealedCookie(hub, { name: "oidc", lifetime: PATIENCE, schema: underWaySchema });
  addStart(app, hub, client, underWay);
  addCallback(app, hub, client, underWay);
}

function addStart(
  app: App,
  hub: Hub,
  client: OidcClient | null,
  underWay: SealedCookie<UnderWay>,
): void {
  const invited = invitationCookie(hub);
  app.get(
    "/api/v1/oidc/start",
    {
      schema: {
        tags,
        security: [],
        summary: "Go to the OpenID Connect provider to sign in",
        description:
          "For browsers. `return_to` is the page of the hub to come back to. Whoever is signed in already proves anew who they are. What goes wrong is told at `/sign-in#error=…`.",
        querystring: z.object({ return_to: z.string().max(2000).optional() }),
        response: { 302: z.null().describe("To the provider") },
      },
    },
    async (request, reply) => {
      const provider = configured(client);
      const returnTo = ownPath(request.query.return_to);
      const isInvited = returnTo.split(/[?#]/, 1)[0] === INVITE_PAGE;
      const invitation = isInvited ? invited.read(request) : null;
      return orBackToSignIn(hub, request, reply, async () => {
        const { url, secrets } = await provider.begin(request.principal?.kind === "user");
        underWay.write(reply, { ...secrets, returnTo, invitation });
        return url.href;
      });
    },
  );
}

function addCallback(
  app: App,
  hub: Hub,
  client: OidcClient | null,
  underWay: SealedCookie<UnderWay>,
): void {
  const cookie = sessionCookie(hub.config.publicUrl);
  const invited = invitationCookie(hub);
  const tellOwner = securityNotices(app, hub);
  app.get(
    CALLBACK,
    {
      schema: {
        tags,
        security: [],
        summary: "Come back from the OpenID Connect provider",
        description: "The redirect address to register there.",
        response: { 302: z.null().describe("To the page to come back to, signed in") },
      },
    },
    async (request, reply) => {
      const provider = configured(client);
      const begun = underWay.read(request);
      underWay.clear(reply);
      return orBackToSignIn(hub, request, reply, async () => {
        if (begun === null) throw new OidcRefusal("oidc_expired", "no_cookie");
        const { returnTo, invitation, ...secrets } = begun;
        const identity = await provider.finish(queryOf(request), secrets satisfies OidcSecrets);
        const started = await signInByIdentity(hub, identity, {
          origin: originOf(request),
          userId: request.principal?.kind === "user" ? request.principal.id : null,
          sessionToken: cookie.read(request),
          invitation: invitation === null ? null : Buffer.from(invitation, "base64"),
        });
        cookie.write(reply, started.token, started.expiresAt);
        if (started.takenOver !== null) {
          // It ended sessions, though the request came with none.
          hub.keys.changed();
          tellOwner(request, { userId: started.takenOver, change: "identity_linked" });
        }
        if (invitation === null) return `${hub.config.publicUrl}${returnTo}`;
        invited.clear(reply);
        return hub.config.publicUrl;
      });
    },
  );
}

/** @throws SlotwireError E_NOT_FOUND when the settings name no provider */
function configured(client: OidcClient | null): OidcClient {
  if (client !== null) return client;
  throw new SlotwireError("E_NOT_FOUND", { detail: "No OpenID Connect provider is set." });
}

/** A browser waits for the answer, not a program: what is refused is told on the page to sign in. */
async function orBackToSignIn(
  { config }: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<string>,
): Promise<FastifyReply> {
  const target = await work().catch((error: unknown) => {
    if (!(error instanceof OidcRefusal)) throw error;
    const { reason, hint } = error;
    const level = reason === "oidc_unavailable" ? "warn" : "info";
    request.log[level]({ reason, hint }, "a sign-in by OpenID Connect was refused");
    return `${config.publicUrl}/sign-in#error=${reason}`;
  });
  return reply.redirect(target);
}

function queryOf({ url }: FastifyRequest): string {
  const start = url.indexOf("?");
  return start === -1 ? "" : url.slice(start);
}
