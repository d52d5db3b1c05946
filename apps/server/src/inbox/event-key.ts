import { createHash } from "node:crypto";
import type { Connector } from "../connectors/connector.ts";
import { parseBody } from "./parse-body.ts";

/**
 * By what two tellings of one event are recognised, whatever else differs in them: SHA-256 in
 * hexadecimal digits.
 * @returns null when the connector cannot say what the message tells. Never throws.
 */
export function eventKeyOf(
  connector: Pick<Connector, "eventIdentity" | "bodyFormat">,
  body: Buffer,
): string | null {
  if (connector.eventIdentity === undefined) return null;
  const parsed = parseBody(body, connector.bodyFormat);
  if (!parsed.ok) return null;
  try {
    const identity = connector.eventIdentity(parsed.value);
    return identity === null ? null : createHash("sha256").update(identity).digest("hex");
  } catch {
    return null;
  }
}
