import { Agent, request } from "undici";
import manifest from "../../package.json" with { type: "json" };
import type { AddressPolicy } from "../network/address-policy.ts";
import { checkedLookup, refuseLiteral } from "../network/checked-lookup.ts";
import { type Answer, classifyError, classifyStatus } from "./answer.ts";
import type { ResolveHost } from "../network/resolve-host.ts";

/** How much of an answer's body is read and kept, in bytes. */
const BODY_LIMIT = 16 * 1024;
/** Standard Webhooks: 15 to 30 s for a receiver to answer. */
const TIMEOUT = 15_000;
const CONNECT_TIMEOUT = 5_000;

const userAgent = `Slotwire/${manifest.version}`;

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
  const agent = new Agent({
    allowH2: false,
    pipelining: 1,
    // The overall time-out covers these.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: CONNECT_TIMEOUT,
      autoSelectFamily: true,
      lookup: checkedLookup(policy, resolve),
    },
  });
  const running = new Set<AbortController>();

  const exchange = async (outgoing: OutgoingRequest, signal: AbortSignal) => {
    refuseLiteral(new URL(outgoing.url), policy);
    const { statusCode, headers, body } = await request(outgoing.url, {
      dispatcher: agent,
      method: "POST",
      headers: { "user-agent": userAgent, ...outgoing.headers },
      body: outgoing.body,
      signal,
    });
    const retryAfter = headers["retry-after"];
    return {
      statusCode,
      errorClass: classifyStatus(statusCode),
      error: null,
      responseBody: await readBeginning(body),
      retryAfter: typeof retryAfter === "string" ? retryAfter : null,
    };
  };

  return {
    async send(outgoing) {
      const start = performance.now();
      const controller = new AbortController();
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        controller.abort();
      }, timeout);
      running.add(controller);
      try {
        const answer = await exchange(outgoing, controller.signal);
        return { ...answer, totalMs: performance.now() - start };
      } catch (error) {
        const why = timedOut
          ? { errorClass: "timeout" as const, error: `no answer within ${timeout / 1000} s` }
          : classifyError(error);
        const nothing = { statusCode: null, responseBody: null, retryAfter: null };
        return { ...nothing, ...why, totalMs: performance.now() - start };
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
