import { Agent, type Dispatcher, request } from "undici";
import manifest from "../../package.json" with { type: "json" };
import type { AddressPolicy } from "../network/address-policy.ts";
import { checkedLookup, refuseLiteral } from "../network/checked-lookup.ts";
import type { ResolveHost } from "../network/resolve-host.ts";
import { type Answer, classifyError, classifyStatus, nothingReceived } from "./answer.ts";
import { type ConnectTimes, createTimedConnector } from "./connect-timed.ts";
import { boundedHeaders, shownHeaders } from "./shown-headers.ts";

/** How much of an answer's body is read and kept, in bytes. */
const BODY_LIMIT = 16 * 1024;
/** Standard Webhooks: 15 to 30 s for a receiver to answer. */
const TIMEOUT = 15_000;
const CONNECT_TIMEOUT = 5_000;

/** Who the hub says it is to receivers. */
export const userAgent = `Slotwire/${manifest.version}`;

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Further headers, in small letters, whose values are not shown; the usual ones never are. */
  readonly secretHeaders?: readonly string[];
}

/** Posts to receivers over connections that it keeps open. */
export interface Sender {
  /** Never throws: whatever goes wrong is an answer. */
  send(outgoing: OutgoingRequest): Promise<Answer>;
  /** Ends requests that are under way, whose answers are then `internal`, and all connections. */
  close(): Promise<void>;
}

export interface SenderOptions {
  readonly policy: AddressPolicy;
  readonly resolve: ResolveHost;
  /** Milliseconds from the first step to the last byte; 15,000 unless given. */
  readonly timeout?: number;
}

/**
 * Makes a sender. A name is resolved once per connection, its addresses are checked, and the
 * connection goes to one of the checked addresses: a name server that answers differently the
 * second time (DNS rebinding) is never asked a second time. Certificates are verified; redirects
 * are not followed.
 */
export function createSender({ policy, resolve, timeout = TIMEOUT }: SenderOptions): Sender {
  const connector = createTimedConnector(CONNECT_TIMEOUT, checkedLookup(policy, resolve));
  const agent = new Agent({
    allowH2: false,
    pipelining: 1,
    // The overall time-out covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: connector.connect,
  });
  const running = new Set<AbortController>();

  const post = (outgoing: OutgoingRequest, headers: Headers, signal: AbortSignal) => {
    refuseLiteral(new URL(outgoing.url), policy);
    const { url, body } = outgoing;
    return request(url, { dispatcher: agent, method: "POST", headers, body, signal });
  };

  return {
    async send(outgoing) {
      const start = performance.now();
      const times: ConnectTimes = { dnsMs: null, connectMs: null, tlsMs: null };
      const headers = wholeHeaders(outgoing);
      const sent = {
        requestHeaders: shownHeaders(headers, outgoing.secretHeaders),
        requestBody: outgoing.body,
      };
      const controller = new AbortController();
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        controller.abort();
      }, timeout);
      running.add(controller);
      try {
        const answer = await connector.timed(times, () =>
          post(outgoing, headers, controller.signal),
        );
        const firstByteMs = performance.now() - start;
        const received = await readAnswer(answer);
        return { ...sent, ...received, ...times, firstByteMs, totalMs: performance.now() - start };
      } catch (error) {
        const why = timedOut
          ? { errorClass: "timeout" as const, error: `no answer within ${timeout / 1000} s` }
          : classifyError(error);
        return {
          ...nothingReceived,
          ...sent,
          ...why,
          ...times,
          totalMs: performance.now() - start,
        };
      } finally {
        clearTimeout(timer);
        running.delete(controller);
      }
    },
    async close() {
      for (const controller of running) controller.abort();
      await agent.destroy();
    },
  };
}

type Headers = Readonly<Record<string, string>>;

/** All headers of a request but `connection`, which the client sets. */
function wholeHeaders({ url, headers, body }: OutgoingRequest): Headers {
  const length = String(Buffer.byteLength(body));
  return { host: new URL(url).host, "user-agent": userAgent, ...headers, "content-length": length };
}

async function readAnswer({ statusCode, headers, body }: Dispatcher.ResponseData) {
  const responseHeaders = boundedHeaders(headers);
  return {
    statusCode,
    errorClass: classifyStatus(statusCode),
    error: null,
    responseHeaders,
    responseBody: await readBeginning(body),
    retryAfter: responseHeaders["retry-after"] ?? null,
  };
}

/**
 * Reads at most 16 KiB. What is longer costs the receiver its connection: leaving the loop
 * destroys the socket. A body that breaks off or never ends keeps what came of it, as the status
 * has decided by then.
 */
async function readBeginning(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= BODY_LIMIT) break;
    }
  } catch {
    // What came before the break is kept.
  }
  const text = Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString("utf8");
  // PostgreSQL's text cannot hold NUL.
  return text.replaceAll("\0", "\u{FFFD}");
}
