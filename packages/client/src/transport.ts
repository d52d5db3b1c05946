import { apiErrorOf, heldBack } from "./api-error.ts";
import { tell } from "./tell.ts";
import { unlessAborted } from "./unless-aborted.ts";

/** Values of a query string; what is undefined or null is left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface RequestOptions {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The type that the answer has to have; any, and JSON is asked for, when absent. */
  readonly accept?: string;
  /** Also ends the wait for a token. */
  readonly signal?: AbortSignal;
}

export interface TransportOptions {
  /** Address of the hub: with `https://`, or a path of the page's own origin. That itself, when absent. */
  readonly baseUrl?: string;
  /** A key of the hub (`sw_sk_…`). Never put one into a page that others can read. */
  readonly apiKey?: string;
  /** Asked before every request, so that a token may be renewed meanwhile, and when one was over. */
  readonly getToken?: () => string | Promise<string>;
  /**
   * Asked for a ticket before every request, in place of a token: it goes into the address, where it works
   * once. Tickets open the stream and no other route, and tabs with them share no connection.
   */
  readonly getTicket?: () => string | Promise<string>;
  /** Told when the hub refuses who asks (401). */
  readonly onAuthError?: () => void;
  readonly fetch?: typeof globalThis.fetch;
}

/** How every call reaches the hub: address, identity, errors. */
export interface Transport {
  /** Address of the hub, without a slash at its end. */
  readonly root: string;
  /** @throws TypeError where there is no page whose origin could be meant */
  readonly requireHub: () => void;
  /** What shows who asks; undefined where a cookie does. @throws Error where it is another each time */
  readonly token: () => Promise<string | undefined>;
  /** @throws ApiError for every answer that is no success; TypeError when nobody answered */
  send(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /** The JSON of a successful answer; undefined for one without content. */
  json<Result>(method: string, path: string, options?: RequestOptions): Promise<Result>;
}

/** Makes the transport of one client. @throws TypeError when `baseUrl` is no address */
export function createTransport(options: TransportOptions): Transport {
  const { baseUrl = "" } = options;
  const root = baseUrl.replace(/\/+$/, "");
  if (!/^(https?:\/\/|\/|$)/i.test(root) || !URL.canParse(`${root}/`, "http://page")) {
    throw new TypeError(`baseUrl "${baseUrl}" is no address${EXAMPLE}`);
  }
  const requireHub = (): void => {
    const { document, location } = globalThis as Surroundings;
    const base = document?.baseURI ?? location?.href;
    if (options.fetch !== undefined || URL.canParse(`${root}/`, base)) return;
    throw new TypeError(`baseUrl is missing${EXAMPLE}`);
  };
  const tokenOf = async (): Promise<string | undefined> =>
    options.getToken === undefined ? options.apiKey : options.getToken();
  const send: Transport["send"] = async (method, path, request = {}) => {
    // Looked up at each call: a page may wrap the global after this was made.
    const fetchNow = options.fetch ?? globalThis.fetch;
    const { getToken, getTicket } = options;
    const proof = async (): Promise<{ token?: string | undefined; ticket?: string }> =>
      getTicket === undefined ? { token: await tokenOf() } : { ticket: await getTicket() };
    requireHub();
    const ask = async (): Promise<Response> => {
      const { token, ticket } = await unlessAborted(proof(), request.signal);
      return fetchNow(`${root}${path}${queryString({ ...request.query, ticket })}`, {
        method,
        headers: headersOf(token, request),
        body: JSON.stringify(request.body) ?? null,
        signal: request.signal ?? null,
      });
    };
    let response = await ask();
    // A token may be over before it arrives: the device slept in between. Nothing was done yet.
    if (response.status === 401 && (getToken ?? getTicket) !== undefined) response = await ask();
    if (response.status === 401) tell(options.onAuthError);
    if (!response.ok) throw await apiErrorOf(response);
    const type = response.headers.get("content-type") ?? "";
    if (type.startsWith(request.accept ?? "")) return response;
    throw heldBack(`Something in between answers ${type}.`);
  };
  return {
    root,
    requireHub,
    async token() {
      if (options.getTicket !== undefined) throw new Error("It is a ticket.");
      return tokenOf();
    },
    send,
    async json<Result>(method: string, path: string, request?: RequestOptions) {
      const response = await send(method, path, request);
      const text = await response.text();
      try {
        return (text ? JSON.parse(text) : undefined) as Result;
      } catch {
        throw heldBack("The answer is no JSON.");
      }
    },
  };
}

/** What there is in a page; in a worker only the address; in Node nothing. */
interface Surroundings {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

const EXAMPLE = ', such as "https://hub.example.com".';

function headersOf(
  token: string | undefined,
  { body, accept = "application/json", headers }: RequestOptions,
): Record<string, string> {
  return {
    accept,
    ...(body !== undefined && { "content-type": "application/json" }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...headers,
  };
}

function queryString(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value != null) as [string, string][];
  const text = new URLSearchParams(given).toString();
  return text && `?${text}`;
}
