/**
 * A receiver on Node 20 or later, without any package.
 *
 *   RECEIVER_KEY=… node examples/external-calendar-receiver/node.mjs
 */
import { createServer } from "node:http";
import { isNewer, receive } from "./receive.mjs";

const key = process.env.RECEIVER_KEY;
const secret = process.env.SLOTWIRE_WEBHOOK_SECRET;
const port = Number(process.env.PORT ?? 4100);
if (!key && !secret) {
  console.error("Set RECEIVER_KEY, SLOTWIRE_WEBHOOK_SECRET (whsec_…), or both.");
  process.exit(1);
}

// A real one keeps this in its database: `schema.sql` has the table and the statement.
const calendar = new Map();

/** Looks and writes in one step: two requests about one booking may come at the same time. */
function apply(change) {
  if (!isNewer(change, calendar.get(change.booking_id))) return "outdated";
  calendar.set(change.booking_id, change);
  const version = change.booking_version ?? "without a version";
  console.log(`${change.booking_id} ${version}: ${change.action} ${change.new_status}`);
  return "applied";
}

async function serve(incoming, outgoing) {
  const chunks = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length > 1024 * 1024) return outgoing.writeHead(413, { connection: "close" }).end();
    chunks.push(chunk);
  }
  const request = new Request(new URL(incoming.url, "http://receiver.invalid"), {
    method: incoming.method,
    headers: new Headers(incoming.headers),
    ...(incoming.method === "GET" || incoming.method === "HEAD"
      ? {}
      : { body: Buffer.concat(chunks) }),
  });
  const response = await receive(request, { key, secret, apply });
  outgoing.writeHead(response.status, { "content-type": "application/json" });
  return outgoing.end(await response.text());
}

const server = createServer((incoming, outgoing) => {
  serve(incoming, outgoing).catch((error) => {
    console.error(error);
    outgoing.writeHead(500).end();
  });
});
server.listen(port, process.env.HOST ?? "127.0.0.1", () => {
  console.log(`Receiving on http://127.0.0.1:${server.address().port}/`);
});
