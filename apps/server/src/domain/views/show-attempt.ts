import type { DeliveryAttemptResource } from "@slotwire/contract";
import { redactBody } from "./redact.ts";
import type { Detail } from "./view.ts";

/** An attempt at a delivery as somebody is shown it: a receiver may answer with what it was sent. */
export function showAttempt(
  attempt: DeliveryAttemptResource,
  detail: Detail,
): DeliveryAttemptResource {
  if (detail === "full") return attempt;
  const { response_body: body } = attempt;
  return { ...attempt, response_body: body && redactBody(body) };
}
