import type { InboundMessageResource } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import { formatDateTime } from "../time/format-time.ts";
import { sentence } from "./sentence.ts";

/** How the hub writes times into summaries: `2026-01-05 10:00 UTC`. */
const timeInSummary = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/g;

/**
 * What a message means, as a sentence; its trigger where nobody knows.
 * @param zone IANA zone in which its times are told
 */
export function summaryOf(
  message: Pick<InboundMessageResource, "description" | "trigger">,
  zone: string,
): string {
  const words = (message.description || (message.trigger ?? t.inbox.unnamed)).replaceAll(
    timeInSummary,
    (_, day: string, time: string) => formatDateTime(`${day}T${time}:00Z`, zone),
  );
  return sentence(words);
}
