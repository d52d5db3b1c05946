import type { DeliveryAttemptResource } from "@slotwire/contract";
import { HIDDEN } from "./mask-contact.ts";
import { redactBody } from "./redact.ts";
import type { Detail } from "./view.ts";

/** Headers of an answer that speak of the answer alone. Any other may repeat what was sent. */
const plainHeaders: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "date",
  "retry-after",
  "server",
  "transfer-encoding",
]);

/**
 * An attempt at a delivery as somebody is shown it. What was sent holds the booking, and a
 * receiver may answer with what it was sent.
 */
export function showAttempt(
  attempt: DeliveryAttemptResource,
  detail: Detail,
): DeliveryAttemptResource {
  if (detail === "full") return attempt;
  const { request_body: sent, response_headers: headers, response_body: body } = attempt;
  return {
    ...attempt,
    request_body: sent && redactBody(sent),
    response_headers: headers && redactHeaders(headers),
    response_body: body && redactBody(body),
  };
}

function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, plainHeaders.has(name) ? value : HIDDEN]),
  );
}
