import type { ReceivedAnswer, Verdict } from "./profile.ts";

/**
 * What Standard Webhooks makes of an answer: 2xx arrived, 410 wants no more, and all else may be
 * better later. A receiver in the middle of a deployment answers 404 to what it takes a minute
 * later, so no 4xx is final by itself.
 */
export function judgeByStatus({ statusCode }: Pick<ReceivedAnswer, "statusCode">): Verdict {
  if (statusCode >= 200 && statusCode < 300) return "delivered";
  return statusCode === 410 ? "disable" : "retry";
}
