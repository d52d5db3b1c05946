import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";

/** What becomes of a message that is processed again, in words. */
export function outcomeWords(outcome: string): string {
  return operate.again.outcomes[outcome] ?? t.inbox.action[outcome]?.toLowerCase() ?? outcome;
}
