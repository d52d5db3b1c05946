import { createHmac } from "node:crypto";
import type { BookingResource, InboundMessageResource, WebhookReceipt } from "@slotwire/contract";
import type { CalcomBody } from "../src/connectors/calcom/fixtures.ts";
import { calcomConnector } from "../src/connectors/calcom/connector.ts";
import { genericConnector } from "../src/connectors/generic/connector.ts";
import { memoryConnector } from "../src/connectors/memory/connector.ts";
import { createLocalWake } from "../src/db/local-wake.ts";
import { ensureEnvironmentConnections } from "../src/inbox/connections/ensure-environment-connections.ts";
import { createTestHub, type TestHub, type TestHubOptions, withKey } from "./test-hub.ts";

/** The secret of every fixture's Cal.com connection. */
export const calcomSecret = "a secret of the tests";

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A hub with one Cal.com connection, and short ways to talk to it over HTTP. */
export interface InboxFixture extends TestHub {
  /** Posts a body, signed as Cal.com signs it. */
  send(body: CalcomBody | Record<string, unknown>, path?: string): Promise<Answer<WebhookReceipt>>;
  /** Posts bytes as they are, signed unless other headers are given. */
  sendRaw(
    body: Buffer | string,
    options?: { readonly path?: string; readonly headers?: Record<string, string> },
  ): Promise<Answer<Record<string, unknown>>>;
  /** Reads from the API with the hub's key. */
  get<Body>(path: string): Promise<Answer<Body>>;
  bookings(): Promise<BookingResource[]>;
  messages(query?: string): Promise<InboundMessageResource[]>;
}

/** Makes the hub on a database of its own. Close it in `afterAll`. */
export async function inboxFixture(options: TestHubOptions = {}): Promise<InboxFixture> {
  const hub = await createTestHub({
    connectors: new Map([
      ["calcom", calcomConnector],
      ["memory", memoryConnector],
      ["generic", genericConnector],
    ]),
    wake: createLocalWake(),
    ...options,
  });
  await ensureEnvironmentConnections(hub.hub, hub.hub.defaultOrgId, [
    { kind: "calcom", secret: calcomSecret },
  ]);
  return { ...hub, ...talkTo(hub) };
}

type Talk = Pick<InboxFixture, "send" | "sendRaw" | "get" | "bookings" | "messages">;

function talkTo({ app }: TestHub): Talk {
  const get: Talk["get"] = async (url) => {
    const answer = await app.inject({ method: "GET", url, headers: withKey });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  };
  const sendRaw: Talk["sendRaw"] = async (body, { path, headers } = {}) => {
    const payload = Buffer.from(body);
    const answer = await app.inject({
      method: "POST",
      url: path ?? "/api/webhooks/calcom",
      headers: headers ?? { "content-type": "application/json", ...signed(payload) },
      payload,
    });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  };
  return {
    get,
    sendRaw,
    send: async (body, path) => {
      const answer = await sendRaw(JSON.stringify(body), path === undefined ? {} : { path });
      return answer as unknown as Answer<WebhookReceipt>;
    },
    bookings: async () =>
      (await get<{ data: BookingResource[] }>("/api/v1/bookings?limit=200")).body.data,
    messages: async (query = "") =>
      (await get<{ data: InboundMessageResource[] }>(`/api/v1/inbound-messages?limit=200${query}`))
        .body.data,
  };
}

/** The header that Cal.com would send with this body. */
export function signed(body: Buffer, secret = calcomSecret): Record<string, string> {
  return { "x-cal-signature-256": createHmac("sha256", secret).update(body).digest("hex") };
}
