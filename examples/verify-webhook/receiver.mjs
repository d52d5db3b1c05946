/**
 * A receiver for Slotwire's webhooks in about fifty lines: it checks the signature, recognises
 * repetitions, and drops what is out of date.
 *
 *   SLOTWIRE_WEBHOOK_SECRET=whsec_… node examples/verify-webhook/receiver.mjs
 */
import { createServer } from "node:http";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const secret = process.env.SLOTWIRE_WEBHOOK_SECRET;
const port = Number(process.env.PORT ?? 4000);
if (secret === undefined) {
  console.error("Set SLOTWIRE_WEBHOOK_SECRET to the destination's secret (whsec_…).");
  process.exit(1);
}
const webhook = new Webhook(secret);

// A real receiver keeps both in its database, in the transaction that does the work.
const handledIds = new Set();
const versions = new Map();

/** Handles one verified message. Handling it twice must do no more than handling it once. */
function handle(message) {
  if (message.type === "destination.test") return "a test: hello";
  const { booking_id: booking, booking_version: version, description } = message.data;
  if (version <= (versions.get(booking) ?? 0)) return `out of date: version ${version}`;
  versions.set(booking, version);
  return description;
}

async function receive(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  // The signature covers the bytes as they came: verify first, parse after.
  const body = Buffer.concat(chunks).toString("utf8");
  try {
    const message = webhook.verify(body, request.headers);
    const id = request.headers["webhook-id"];
    if (handledIds.has(id)) {
      console.log(`${id} again: already handled`);
    } else {
      console.log(`${id} ${message.type}: ${handle(message)}`);
      handledIds.add(id);
    }
    response.writeHead(204).end();
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    console.error(`refused: ${error.message}`);
    response.writeHead(401).end();
  }
}

const server = createServer((request, response) => {
  receive(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});

server.listen(port, "127.0.0.1", () => {
  console.log(`Receiving on http://127.0.0.1:${server.address().port}/`);
});
