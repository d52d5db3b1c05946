import { t } from "../../messages/messages.ts";
import { operate } from "../../messages/operate.ts";
import { sentence } from "../../parts/sentence.ts";

/** What becomes of a message that is processed again, in words. */
export function outcomeWords(outcome: string): string {
  return (
    operate.again.outcomes[outcome] ??
    t.inbox.action[outcome] ??
    sentence(outcome.replaceAll("_", " "))
  );
}
