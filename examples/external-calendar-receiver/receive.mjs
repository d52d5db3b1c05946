/**
 * What a planning system does with what Slotwire tells it: knows who calls, takes each version of a
 * booking once and never an older one, and answers at once. Web APIs alone: it runs in Node 20 and
 * later, in Deno, and in edge functions.
 */

/** How far the sender's clock, or the message's journey, may be off. Seconds. */
const TOLERANCE = 5 * 60;
const MAX_LENGTH = 1024 * 1024;

/**
 * Answers one request.
 * @param {Request} request
 * @param {object} by
 * @param {string} [by.key] the key that the destination was given: `Authorization: Bearer …`
 * @param {string} [by.secret] the destination's signing secret (`whsec_…`)
 * @param {(change: object) => unknown} by.apply does what the change says, if it is newer than what
 *   is known; returns "applied" or "outdated"
 * @returns {Promise<Response>}
 */
export async function receive(request, { key, secret, apply }) {
  if (request.method !== "POST") return answer(405, { error: "Send a POST." });
  const body = await request.text();
  if (body.length > MAX_LENGTH) return answer(413, { error: "The body is too large." });
  if (!(await isFromHub(request.headers, body, { key, secret }))) {
    return answer(401, { error: "The key or the signature is wrong." });
  }
  const change = parse(body);
  if (change === null) return answer(400, { error: "This is no change of a booking." });
  if (change.action === "test") return answer(200, { result: "test" });
  return answer(200, { result: await apply(change) });
}

/**
 * Whether a change is newer than what is known of its booking. Versions decide; bodies of the mode
 * `compat` have none: of them the later one counts, by when the hub wrote the change down.
 */
export function isNewer(change, known) {
  if (known === undefined) return true;
  if (change.booking_version !== undefined && known.booking_version !== undefined) {
    return change.booking_version > known.booking_version;
  }
  return Date.parse(change.timestamp) > Date.parse(known.timestamp);
}

async function isFromHub(headers, body, { key, secret }) {
  if (!key && !secret) return false;
  if (key && !(await isSame(headers.get("authorization") ?? "", `Bearer ${key}`))) return false;
  return !secret || isSigned(headers, body, secret);
}

/** Standard Webhooks 1.0.0: `v1,<base64>` over id, time and body, one for each live secret. */
async function isSigned(headers, body, secret) {
  const [id, time] = [headers.get("webhook-id"), headers.get("webhook-timestamp")];
  if (!id || !time || !(Math.abs(Date.now() / 1000 - Number(time)) <= TOLERANCE)) return false;
  const bytes = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey(
    "raw",
    bytes(secret.replace(/^whsec_/, "")),
    hmac,
    false,
    ["verify"],
  );
  const signed = new TextEncoder().encode(`${id}.${time}.${body}`);
  for (const signature of (headers.get("webhook-signature") ?? "").split(" ")) {
    const [version, base64 = ""] = signature.split(",");
    if (version !== "v1" || !/^[A-Za-z0-9+/]{43}=$/.test(base64)) continue;
    if (await crypto.subtle.verify("HMAC", key, bytes(base64), signed)) return true;
  }
  return false;
}

/** Compares digests, so that the time it takes tells nothing. */
async function isSame(one, other) {
  const digest = async (text) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [left, right] = [await digest(one), await digest(other)];
  return left.reduce((sum, byte, at) => sum | (byte ^ right[at]), 0) === 0;
}

function parse(body) {
  try {
    const change = JSON.parse(body);
    const isChange = typeof change?.booking_id === "string" && typeof change.action === "string";
    return isChange || change?.action === "test" ? change : null;
  } catch {
    return null;
  }
}

function answer(status, body) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });
}
