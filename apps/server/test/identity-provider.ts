import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import Provider, { type Configuration, type JWK } from "oidc-provider";

/** What the provider says of somebody. */
export interface TestClaims {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
}

/** A real OpenID Connect provider on loopback, with its own pages for signing in. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What is known of whom, by login; the login is the subject, too. */
  readonly people: Map<string, TestClaims>;
  /**
   * Does there what a person does in a browser: opens the address, signs in as `login` and agrees.
   * With the cookies of an earlier visit the provider may know them still, and ask nothing.
   * @returns where the provider sends the browser back to
   */
  readonly signIn: (address: string, login: string, cookies?: Map<string, string>) => Promise<URL>;
  /** The same for a person who presses cancel. */
  readonly cancel: (address: string) => Promise<URL>;
  /** Stops listening; `open` listens again on the same port. */
  readonly shut: () => Promise<void>;
  readonly open: () => Promise<void>;
}

/** How the provider differs from a usual one. */
export interface ProviderOptions {
  readonly redirectUri: string;
  /** Tells the e-mail in the ID token, and not only on request. */
  readonly claimsInIdToken?: boolean;
  /** `client_secret_basic` unless given; `none` is a public client. */
  readonly authMethod?: "client_secret_basic" | "client_secret_post" | "none";
}

const clientId = "slotwire-test";

/** Starts the provider. It insists on PKCE. */
export async function startIdentityProvider(options: ProviderOptions): Promise<IdentityProvider> {
  const server = createServer();
  const listen = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const clientSecret = randomBytes(24).toString("hex");
  const people = new Map<string, TestClaims>();
  const provider = withoutAdvice(
    () => new Provider(issuer, settings(options, people, clientSecret)),
  );
  const handle = provider.callback();
  server.on("request", (request, response) => void handle(request, response));
  return {
    issuer,
    clientId,
    clientSecret,
    people,
    signIn: (address, login, cookies) => walk(issuer, address, { login, cookies }),
    cancel: (address) => walk(issuer, address, { login: null }),
    async shut() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    open: () => listen(port),
  };
}

/** The package advises against what only tests do, at every start. */
function withoutAdvice<Made>(make: () => Made): Made {
  const { warn } = console;
  console.warn = () => {};
  try {
    return make();
  } finally {
    console.warn = warn;
  }
}

function settings(
  { redirectUri, claimsInIdToken = false, authMethod = "client_secret_basic" }: ProviderOptions,
  people: ReadonlyMap<string, TestClaims>,
  clientSecret: string,
): Configuration {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key: JWK = { ...privateKey.export({ format: "jwk" }), use: "sig", kty: "RSA" };
  return {
    clients: [
      {
        client_id: clientId,
        redirect_uris: [redirectUri],
        require_auth_time: true,
        token_endpoint_auth_method: authMethod,
        ...(authMethod === "none" ? {} : { client_secret: clientSecret }),
      },
    ],
    clientAuthMethods: [authMethod],
    jwks: { keys: [key] },
    cookies: { keys: [randomBytes(24).toString("hex")] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    conformIdTokenClaims: !claimsInIdToken,
    features: { devInteractions: { enabled: true } },
    ttl: { Interaction: 600, Session: 86_400, Grant: 86_400, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    findAccount: (_context, login) => ({
      accountId: login,
      claims: () => ({ sub: login, ...people.get(login) }),
    }),
  };
}

/** Follows the provider's redirects and fills in its forms until it sends the browser away. */
async function walk(
  issuer: string,
  address: string,
  {
    login,
    cookies = new Map(),
  }: { readonly login: string | null; readonly cookies?: Map<string, string> | undefined },
): Promise<URL> {
  let url = new URL(address);
  let form: URLSearchParams | null = null;
  for (let step = 0; step < 20; step += 1) {
    if (url.origin !== issuer) return url;
    const answer: Response = await fetch(url, {
      method: form === null ? "GET" : "POST",
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form === null ? {} : { body: form }),
    });
    for (const line of answer.headers.getSetCookie()) keepCookie(cookies, line);
    const page = await answer.text();
    const location = answer.headers.get("location");
    if (location !== null) {
      url = new URL(location, url);
      form = null;
      continue;
    }
    if (answer.status !== 200) throw new Error(`the provider answers ${answer.status}: ${page}`);
    if (login === null) {
      url = linkOf(page, /href="([^"]*\/abort)"/, url);
    } else {
      url = linkOf(page, /<form[^>]* action="([^"]+)"/, url);
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? "";
      form = new URLSearchParams({ prompt, ...(prompt === "login" ? { login } : {}) });
    }
  }
  throw new Error(`the provider does not come to an end at ${url.href}`);
}

function linkOf(page: string, pattern: RegExp, base: URL): URL {
  const link = pattern.exec(page)?.[1];
  if (link === undefined) throw new Error(`there is no ${pattern.source} on the page: ${page}`);
  return new URL(link, base);
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";");
  const [name = "", ...value] = pair.split("=");
  const isOver = attributes.some((attribute) => / expires=Thu, 01 Jan 1970/i.test(attribute));
  if (isOver) cookies.delete(name);
  else cookies.set(name, value.join("="));
}
