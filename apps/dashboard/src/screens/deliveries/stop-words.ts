import type { DeliveryResource } from "@slotwire/contract";
import { outbound } from "../../messages/outbound.ts";

const words = outbound.detail;
const stops: Readonly<Partial<Record<string, (typeof outbound.stops)["destination_disabled"]>>> =
  outbound.stops;

/** What kept a delivery from being sent, for a line of the list; null when nothing did. */
export function shortReason({ skip_reason: reason }: Pick<DeliveryResource, "skip_reason">) {
  return reason === null ? null : (stops[reason]?.short ?? reason);
}

/** What became of a delivery that is not tried, and why. */
export interface StopTold {
  readonly title: string;
  readonly why: string;
}

/**
 * Why a delivery was not sent, or not sent again; null when nothing keeps it.
 * It is told apart from what is still to come: what waits for a paused destination goes out.
 */
export function whyStopped(
  delivery: Pick<
    DeliveryResource,
    "status" | "skip_reason" | "attempt_count" | "next_attempt_at" | "destination_status"
  >,
): StopTold | null {
  const { status, skip_reason: reason } = delivery;
  if (status === "skipped" || status === "cancelled") {
    const known = reason === null ? undefined : stops[reason]?.[status];
    const why = known ?? reason ?? (status === "cancelled" ? words.whyCancelled : null);
    const title = delivery.attempt_count > 0 ? words.whyNotAgain : words.why;
    return why === null ? null : { title, why };
  }
  const isHeld = delivery.next_attempt_at !== null && delivery.destination_status === "paused";
  return isHeld ? { title: words.whyWaiting, why: words.waiting } : null;
}

/** Whether nothing but what was done to its destination or replay kept a delivery from being tried. */
export function wasStoppedUntried(
  delivery: Pick<DeliveryResource, "status" | "skip_reason" | "attempt_count">,
): boolean {
  const { status, skip_reason: reason, attempt_count: attempts } = delivery;
  if (attempts > 0) return false;
  return status === "cancelled" || (status === "skipped" && reason !== null && reason in stops);
}
