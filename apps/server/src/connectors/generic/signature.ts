import type { ConnectionSettings, RawMessage, SignatureVerdict } from "../connector.ts";
import { hmacHex, matchesHmac, matchesHmacBase64 } from "../hmac.ts";
import { readSettings } from "./schema.ts";

/** Checks a message's signature as the connection's settings say that its source writes it. */
export function verifySignature(
  message: RawMessage,
  secrets: readonly string[],
  settings: ConnectionSettings = {},
): SignatureVerdict {
  const {
    signature_header: name,
    signature_encoding: encoding,
    signature_prefix: prefix,
  } = readSettings(settings);
  const given = message.headers[name.toLowerCase()]?.trim();
  if (given === undefined || given === "") return "missing";
  if (!given.toLowerCase().startsWith(prefix.toLowerCase())) return "invalid";
  const signature = given.slice(prefix.length);
  const matches =
    encoding === "hex"
      ? matchesHmac(message.body, secrets, signature)
      : matchesHmacBase64([message.body], secrets, signature);
  return matches ? "valid" : "invalid";
}

/** The headers under which a source with the default settings sends a body. */
export function signedHeaders(body: Buffer, secret: string): Record<string, string> {
  return { "content-type": "application/json", "x-signature": hmacHex(body, secret) };
}
