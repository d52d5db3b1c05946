import type { InboundMessageResource } from "@slotwire/contract";
import { t } from "../messages/messages.ts";

/** What a message means, as a sentence; its trigger where nobody knows. */
export function summaryOf(message: Pick<InboundMessageResource, "summary" | "trigger">): string {
  const words = message.summary || (message.trigger ?? t.inbox.unnamed);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
