import * as openid from "openid-client";
import type { Clock } from "../../clock.ts";
import { ShortCache } from "../short-cache.ts";
import { OidcRefusal } from "./oidc-refusal.ts";

/** The provider, and who the hub is there. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
}

/** What the browser keeps of a sign-in that has begun, sealed. */
export interface OidcSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Whether the person is to prove anew who they are, though the provider may know them still. */
  readonly isAnew: boolean;
}

/** Who somebody is, by the provider's word. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** In lower case; null when the provider names none. */
  readonly email: string | null;
  /** Whether the provider vouches for the address. */
  readonly isEmailVerified: boolean;
  readonly name: string | null;
}

/** The hub at its provider: OpenID Connect Core 1.0, code flow with PKCE (RFC 7636). */
export interface OidcClient {
  /**
   * Begins a sign-in.
   * @param isAnew for whoever is signed in here already, and is to show that it is still them
   * @returns where the browser goes, and what it keeps until it is back
   * @throws OidcRefusal oidc_unavailable
   */
  begin(isAnew: boolean): Promise<{ url: URL; secrets: OidcSecrets }>;
  /**
   * Ends it: exchanges the code and checks everything that comes with it.
   * @param search the query of the address by which the browser came back
   * @throws OidcRefusal oidc_denied, oidc_expired, oidc_unavailable
   */
  finish(search: string, secrets: OidcSecrets): Promise<Identity>;
}

/** How long what the provider says of itself is believed. Milliseconds. */
const METADATA_LIFETIME = 60 * 60_000;
/** How long the provider may take for an answer. Seconds. */
const TIMEOUT = 10;
/** What the hub asks to know. */
const SCOPE = "openid email profile";
const MAX_NAME = 100;
/** How old a proof at the provider may be that counts as anew, and how long it may take. Seconds. */
const RECENT = 300;
const PATIENCE = 600;
/** For http, which the settings take on this very machine only. The library knows it by identity. */
const allowHttp: (configuration: openid.Configuration) => void =
  // oxlint-disable-next-line typescript/no-deprecated -- deprecated only to stand out
  openid.allowInsecureRequests;

/**
 * Makes the client. It asks the provider for nothing before the first sign-in, and asks again after
 * a failure, so the hub starts and works without it.
 * @param redirectUri where the provider sends browsers back to
 */
export function createOidcClient(
  settings: OidcSettings,
  redirectUri: string,
  clock: Clock,
): OidcClient {
  const configurations = new ShortCache<openid.Configuration>(clock, METADATA_LIFETIME);
  const configured = async (): Promise<openid.Configuration> => {
    try {
      return await configurations.get("", () => discover(settings));
    } catch (error) {
      throw new OidcRefusal("oidc_unavailable", codesOf(error));
    }
  };
  return {
    async begin(isAnew) {
      const configuration = await configured();
      const secrets = {
        state: openid.randomState(),
        nonce: openid.randomNonce(),
        verifier: openid.randomPKCECodeVerifier(),
        isAnew,
      };
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: "S256",
        ...(isAnew ? { max_age: String(RECENT) } : {}),
      });
      return { url, secrets };
    },
    async finish(search, secrets) {
      const configuration = await configured();
      const url = new URL(redirectUri);
      url.search = search;
      // The library refuses it as well, among much else; here it only means that it took too long.
      if (url.searchParams.get("state") !== secrets.state) throw new OidcRefusal("oidc_expired");
      try {
        return await exchange(configuration, url, secrets);
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

async function discover(settings: OidcSettings): Promise<openid.Configuration> {
  const { issuer, clientId, clientSecret } = settings;
  const adjustments = issuer.startsWith("http:") ? [allowHttp] : [];
  const found = await openid.discovery(new URL(issuer), clientId, undefined, undefined, {
    execute: adjustments,
    timeout: TIMEOUT,
  });
  const metadata = found.serverMetadata();
  const configuration = new openid.Configuration(
    metadata,
    clientId,
    undefined,
    authenticationOf(metadata.token_endpoint_auth_methods_supported, clientSecret),
  );
  configuration.timeout = TIMEOUT;
  for (const adjust of adjustments) adjust(configuration);
  return configuration;
}

/** `client_secret_basic` is what a provider supports that names nothing (Discovery 1.0 §3). */
function authenticationOf(
  supported: readonly string[] | undefined,
  secret: string | null,
): openid.ClientAuth {
  if (secret === null) return openid.None();
  const byHeader = supported?.includes("client_secret_basic") ?? true;
  return byHeader ? openid.ClientSecretBasic(secret) : openid.ClientSecretPost(secret);
}

async function exchange(
  configuration: openid.Configuration,
  url: URL,
  { state, nonce, verifier, isAnew }: OidcSecrets,
): Promise<Identity> {
  const tokens = await openid.authorizationCodeGrant(configuration, url, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new OidcRefusal("oidc_unavailable", "no id_token");
  if (isAnew && isOld(claims)) throw new OidcRefusal("oidc_expired", "old_proof");
  const said: Claims = hasEmail(claims)
    ? claims
    : { ...claims, ...(await askUserInfo(configuration, tokens.access_token, claims.sub)) };
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: cleaned(said["email"])?.toLowerCase() ?? null,
    isEmailVerified: said["email_verified"] === true,
    name: cleaned(said["name"])?.slice(0, MAX_NAME) ?? null,
  };
}

/** Whether the person proved long ago who they are. Not every provider tells. */
function isOld({ auth_time: provenAt, iat: now }: openid.IDToken): boolean {
  return provenAt !== undefined && now - provenAt > RECENT + PATIENCE;
}

type Claims = Readonly<Record<string, unknown>>;

/** Many providers put the address into the ID token; others tell it on request only. */
function hasEmail(claims: Claims): boolean {
  return claims["email"] !== undefined && claims["email_verified"] !== undefined;
}

/** An address and what is said of it come from one and the same answer. */
async function askUserInfo(
  configuration: openid.Configuration,
  accessToken: string,
  subject: string,
): Promise<Claims> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  const { email, email_verified, name } = await openid.fetchUserInfo(
    configuration,
    accessToken,
    subject,
  );
  return { email, email_verified, ...(name === undefined ? {} : { name }) };
}

/** Text without control characters, which no name and no address has; null when none is left. */
function cleaned(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const text = value.replaceAll(/\p{Cc}/gu, "").trim();
  return text === "" ? null : text;
}

/** OAuth errors that say that the code or the way back is used up or too old. */
const staleErrors = new Set(["invalid_grant", "expired_token"]);
/** OAuth errors of a provider that is in trouble itself (RFC 6749 §4.1.2.1). */
const ownTroubles = new Set(["server_error", "temporarily_unavailable"]);

function refusalOf(error: unknown): OidcRefusal {
  if (error instanceof OidcRefusal) return error;
  const hint = codesOf(error);
  if (error instanceof openid.AuthorizationResponseError) {
    return new OidcRefusal(ownTroubles.has(error.error) ? "oidc_unavailable" : "oidc_denied", hint);
  }
  const isStale = error instanceof openid.ResponseBodyError && staleErrors.has(error.error);
  return new OidcRefusal(isStale ? "oidc_expired" : "oidc_unavailable", hint);
}

/** The codes alone: an error's words and its cause may hold answers with tokens in them. */
function codesOf(error: unknown): string {
  const codes = challengesOf(error);
  for (let part: unknown = error, depth = 0; part instanceof Error && depth < 5; depth += 1) {
    for (const name of ["error", "code"]) {
      const code: unknown = Reflect.get(part, name);
      if (typeof code === "string" && /^\w{1,60}$/.test(code)) codes.push(code);
    }
    part = part.cause;
  }
  if (codes.length > 0) return [...new Set(codes)].join(" ");
  return error instanceof Error ? error.name : "unknown";
}

/** What a provider says in `WWW-Authenticate`, where it refuses the hub itself (RFC 6749 §5.2). */
function challengesOf(error: unknown): string[] {
  if (!(error instanceof openid.WWWAuthenticateChallengeError)) return [];
  return error.cause.flatMap(({ parameters }) =>
    /^\w{1,60}$/.test(parameters.error ?? "") ? [parameters.error ?? ""] : [],
  );
}
