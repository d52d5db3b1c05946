import { Agent, fetch as undiciFetch, type RequestInit as UndiciRequest } from "undici";
import manifest from "../../package.json" with { type: "json" };
import type { AddressPolicy } from "./address-policy.ts";
import { checkedLookup, refuseLiteral } from "./checked-lookup.ts";
import { refusedAddress } from "./refused-address.ts";
import type { ResolveHost } from "./resolve-host.ts";

/** Milliseconds from the first step to the last byte. */
const TIMEOUT = 15_000;
const CONNECT_TIMEOUT = 5_000;
/** A page of 100 bookings with all their answers stays below. */
const BODY_LIMIT = 5 * 1024 * 1024;

const userAgent = `Slotwire/${manifest.version}`;

/** Calls the APIs of sources. */
export interface SourceFetch {
  /**
   * As the platform's `fetch`, but bounded: 15 seconds for everything, 5 MiB of answer, no
   * redirects (an answer of 3xx comes back as it is), verified certificates, and no addresses that
   * the policy does not allow. The whole body has arrived when it resolves.
   */
  readonly fetch: typeof fetch;
  /**
   * Whether it would call an address, as far as can be told now: a name that does not resolve within
   * three seconds passes, as every call looks again.
   * @returns what of it is refused: the address that it is or resolves to; null for nothing
   */
  readonly refusedAddress: (address: string) => Promise<string | null>;
  /** Ends all connections. */
  readonly close: () => Promise<void>;
}

export interface SourceFetchOptions {
  readonly policy: AddressPolicy;
  readonly resolve: ResolveHost;
  /** Addresses that the operator set: they may lie in the hub's own network. */
  readonly trusted: readonly string[];
  /** Milliseconds; 15,000 unless given. */
  readonly timeout?: number;
}

/** Makes the `fetch` that connectors are given. It logs nothing: headers carry keys. */
export function createSourceFetch(options: SourceFetchOptions): SourceFetch {
  const { policy, resolve, timeout = TIMEOUT } = options;
  const trusted = new Set(options.trusted.map((address) => new URL(address).origin));
  const bounds = { allowH2: false, maxResponseSize: BODY_LIMIT };
  const direct = new Agent({ ...bounds, connect: { timeout: CONNECT_TIMEOUT } });
  const checked = new Agent({
    ...bounds,
    connect: { timeout: CONNECT_TIMEOUT, lookup: checkedLookup(policy, resolve) },
  });
  const call = async (input: Parameters<typeof fetch>[0], init: RequestInit = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const isTrusted = trusted.has(url.origin);
    if (!isTrusted) refuseLiteral(url, policy);
    const headers = new Headers(init.headers);
    if (!headers.has("user-agent")) headers.set("user-agent", userAgent);
    const limit = AbortSignal.timeout(timeout);
    const request = {
      ...init,
      headers: Object.fromEntries(headers),
      redirect: "manual",
      signal: init.signal == null ? limit : AbortSignal.any([limit, init.signal]),
      dispatcher: isTrusted ? direct : checked,
    } as UndiciRequest;
    const answer = await undiciFetch(url, request);
    // The limit of the agent counts bytes on the wire; compressed ones grow.
    const body = await readWhole(answer.body);
    const { status, statusText } = answer;
    const hasBody = status !== 204 && status !== 205 && status !== 304;
    return new Response(hasBody ? body : null, {
      status,
      statusText,
      headers: [...answer.headers],
    });
  };
  return {
    fetch: call,
    async refusedAddress(address) {
      const url = new URL(address);
      return trusted.has(url.origin) ? null : refusedAddress(url, policy, resolve);
    },
    close: async () => {
      await Promise.all([direct.destroy(), checked.destroy()]);
    },
  };
}

async function readWhole(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error("the answer is larger than 5 MiB");
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
