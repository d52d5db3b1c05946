import type { FastifyReply, FastifyRequest } from "fastify";
import { isInRanges } from "../access/address-ranges.ts";
import { looksLikeApiKey, readApiKey } from "../access/api-key-format.ts";
import { environmentKey } from "../access/environment-key.ts";
import { keyPrincipal, type LiveKey } from "../access/key-directory.ts";
import type { Principal } from "../access/principal.ts";
import { readSession } from "../access/read-session.ts";
import type { StreamPass } from "../access/stream-pass.ts";
import { SlotwireError } from "../errors.ts";
import type { App, Hub } from "./app.types.ts";
import { bearerOf } from "./bearer.ts";
import { KeyLimit, requireLimit } from "./key-limit.ts";
import { refuseOtherOrigins, requireSameOrigin } from "./same-origin.ts";
import { sessionCookie } from "./session-cookie.ts";
import { openToPages, requireKnownPage } from "./stream-origins.ts";
import { STREAM_ROUTE, streamPassFinder } from "./stream-passes.ts";

/** Who makes a request, and with what. */
interface Caller {
  readonly principal: Principal | null;
  readonly key: LiveKey | null;
}

/** The API, and the addresses of a CRM's screens that are answered beside it. */
const takesKeys = /^\/api\/(?:v1\/|(?:activities|leads|tasks)(?:[/?]|$))/;

const nobody: Caller = { principal: null, key: null };

/**
 * Makes the function that tells who makes a request: by the API key in `Authorization`, or else
 * by the session's cookie. An unknown key or session is nobody. A stream asks again while it is
 * open, as sessions end and roles change.
 * The function throws SlotwireError E_UNAUTHENTICATED, E_KEY_EXPIRED or E_KEY_ADDRESS for a key
 * that is not let in.
 */
export function principalFinder(hub: Hub): (request: FastifyRequest) => Promise<Principal | null> {
  const findCaller = callerFinder(hub);
  return async (request) => (await findCaller(request)).principal;
}

function callerFinder(hub: Hub): (request: FastifyRequest) => Promise<Caller> {
  const ofEnvironment = environmentKey(hub.config.apiKey, hub.defaultOrgId);
  const cookie = sessionCookie(hub.config.publicUrl);
  return async (request) => {
    if (request.headers.authorization === undefined) {
      const token = cookie.read(request);
      if (token === null) return nobody;
      return { principal: await readSession(hub, token), key: null };
    }
    const token = bearerOf(request);
    if (token === null) return nobody;
    const principal = ofEnvironment(token);
    if (principal !== null || !looksLikeApiKey(token)) return { principal, key: null };
    const key = await requireKey(hub, token, request);
    // A publishable key says for which organisation a grant is exchanged, and nothing else.
    return { principal: key.kind === "secret" ? keyPrincipal(key) : null, key };
  };
}

/** @throws SlotwireError E_UNAUTHENTICATED, E_KEY_EXPIRED, E_KEY_ADDRESS */
async function requireKey(hub: Hub, token: string, { ip }: FastifyRequest): Promise<LiveKey> {
  const read = readApiKey(token);
  if (read === null) throw unknownKey("The API key is mistyped: its checksum does not match.");
  const key = await hub.keys.find(read);
  if (key === null || key.kind !== read.kind) {
    throw unknownKey("The API key is unknown or was revoked.");
  }
  if (key.expiresAt !== null && key.expiresAt <= hub.clock.now()) {
    throw new SlotwireError("E_KEY_EXPIRED");
  }
  if (key.allowedRanges !== null && !isInRanges(ip, key.allowedRanges)) {
    throw new SlotwireError("E_KEY_ADDRESS");
  }
  return key;
}

const unknownKey = (detail: string): SlotwireError =>
  new SlotwireError("E_UNAUTHENTICATED", { detail });

/**
 * Finds out who makes a request, before any handler runs; the route decides what nobody may do.
 * Sources' webhooks prove themselves in their own way and are left alone.
 */
export function identifyPrincipals(app: App, hub: Hub): void {
  const findCaller = callerFinder(hub);
  const findPass = streamPassFinder(hub);
  const limit = new KeyLimit(hub.clock);
  app.decorateRequest("principal", null);
  app.decorateRequest("identifiedAt", 0);
  app.decorateRequest("streamPass", null);
  app.decorateRequest("publishableKey", null);

  const identify = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    request.identifiedAt = performance.now();
    const pass = await findPass(request);
    if (pass !== null) {
      acceptPass(request, pass);
      return;
    }
    const { principal, key } = await findCaller(request);
    if (key !== null) {
      // Everybody has a publishable key: one visitor must not use up all the others' share.
      const bucket = key.kind === "secret" ? key.id : `${key.id} ${request.ip}`;
      requireLimit(limit, bucket, key.requestsPerMinute, reply);
      await hub.keys.noteUse(key, request.ip);
      if (key.kind === "publishable") request.publishableKey = key;
    }
    request.principal = principal;
    const byCookie = request.headers.authorization === undefined;
    if (!byCookie || principal === null) return;
    requireSameOrigin(request, hub.config.publicUrl);
    // Of all that only reads, the stream alone is open to other sites' pages: not by the cookie.
    if (request.routeOptions.url === STREAM_ROUTE)
      refuseOtherOrigins(request, hub.config.publicUrl);
  };

  app.addHook("onRequest", async (request, reply) => {
    if (!takesKeys.test(request.url)) return;
    const isAnswered = await openToPages(hub, request, reply);
    if (isAnswered) return reply;
    await identify(request, reply);
    await requireKnownPage(hub, request, reply);
  });
}

function acceptPass(request: FastifyRequest, pass: StreamPass): void {
  request.principal = pass.principal;
  request.streamPass = pass;
}
