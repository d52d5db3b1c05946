/** What a reader copies into an application of their own. */
export const exampleNames = ["react", "grants", "javascript", "curl", "webhook"] as const;

export type ExampleName = (typeof exampleNames)[number];

/** Stands where a key goes that may be in a page. */
export const PUBLISHABLE_KEY = "sw_pk_…";

/**
 * The examples for a hub. The page of `react` asks its own server for what that of `grants` answers. Those for a server take what is secret from the environment, as
 * SLOTWIRE_API_KEY and SLOTWIRE_WEBHOOK_SECRET; the page has a publishable key in it.
 * @param address the hub's, without a trailing slash
 * @param timeZone IANA name of the organisation's
 */
export function exampleCode(
  address: string,
  timeZone: string,
): Readonly<Record<ExampleName, string>> {
  return {
    react: `import { createClient } from "@slotwire/client";
import { RealTimeBookingEvents, SlotwireProvider } from "@slotwire/react";
import "@slotwire/react/real-time-booking-events.css";
import { createRoot } from "react-dom/client";

const hub = "${address}";
const client = createClient({ baseUrl: hub, getToken });

async function getToken() {
  // Your own server's: the next example.
  const grant = await fetch("/stream-grant");
  if (!grant.ok) throw new Error(\`no grant: \${grant.status}\`);
  const answer = await fetch(hub + "/api/v1/stream-tokens/exchange", {
    method: "POST",
    headers: { authorization: "Bearer ${PUBLISHABLE_KEY}", "content-type": "application/json" },
    body: JSON.stringify({ grant: await grant.text() }),
  });
  if (!answer.ok) throw new Error(\`no stream token: \${answer.status}\`);
  return (await answer.json()).token;
}

createRoot(document.body.appendChild(document.createElement("main"))).render(
  <SlotwireProvider client={client} timeZone="${timeZone}">
    <RealTimeBookingEvents toasts={false} />
  </SlotwireProvider>,
);`,

    grants: `import { createServer } from "node:http";

createServer(async (request, response) => {
  if (request.url !== "/stream-grant") return response.writeHead(404).end();
  // Look here who asks, and name in the body what they may follow.
  const answer = await fetch("${address}/api/v1/stream-tokens", {
    method: "POST",
    headers: {
      authorization: \`Bearer \${process.env.SLOTWIRE_API_KEY}\`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ grant: true }),
  }).catch(() => null);
  if (answer?.ok !== true) return response.writeHead(502).end();
  const { token } = await answer.json();
  response.writeHead(200, { "cache-control": "no-store" }).end(token);
}).listen(8788);`,

    javascript: `import { createClient } from "@slotwire/client";

const client = createClient({
  baseUrl: "${address}",
  apiKey: process.env.SLOTWIRE_API_KEY,
});

client.live.subscribe({
  recent: 5, // begin with what happened last
  onEvent: (event) => console.log(event.seq, event.description),
});`,

    curl: `curl --no-buffer \\
  --header "Authorization: Bearer $SLOTWIRE_API_KEY" \\
  "${address}/api/v1/stream?recent=5"`,

    webhook: `import { verifyWebhook, WebhookVerificationError } from "@slotwire/client";
import { createServer } from "node:http";

createServer(async (request, response) => {
  try {
    // The raw body, byte for byte: that is what was signed.
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const webhook = await verifyWebhook(process.env.SLOTWIRE_WEBHOOK_SECRET, request.headers, body);
    console.log(webhook.type, webhook.data.description);
    response.writeHead(204).end();
  } catch (error) {
    const isForged = error instanceof WebhookVerificationError;
    if (!isForged) console.error(error);
    response.writeHead(isForged ? 401 : 500).end();
  }
}).listen(8787);`,
  };
}
