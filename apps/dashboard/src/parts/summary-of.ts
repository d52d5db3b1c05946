import type { InboundMessageResource } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import { toldWords } from "./told-words.ts";

/**
 * What a message means, as a sentence; where nobody knows its trigger, which is the source's word
 * and stays as it is.
 * @param zone IANA zone in which its times are told
 */
export function summaryOf(
  { description, trigger }: Pick<InboundMessageResource, "description" | "trigger">,
  zone: string,
): string {
  const isTrigger = description === "" || description === trigger;
  return isTrigger ? (trigger ?? t.inbox.unnamed) : toldWords(description, zone);
}
