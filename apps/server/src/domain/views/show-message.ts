import type { InboundMessageDetail, InboundMessageResource } from "@slotwire/contract";
import { isWord, redactBody } from "./redact.ts";
import type { Detail } from "./view.ts";

/**
 * A message of a source as somebody is shown it. What somebody may not see all of they see redacted:
 * in a foreign body nobody knows where contact data stands.
 */
export function showMessage<Message extends InboundMessageResource>(
  message: Message,
  detail: Detail,
): Message {
  if (detail === "full") return message;
  const trigger = message.trigger !== null && isWord(message.trigger) ? message.trigger : null;
  return { ...message, trigger, summary: trigger ?? "" };
}

/** The same with its body. */
export function showMessageDetail(
  message: InboundMessageDetail,
  detail: Detail,
): InboundMessageDetail {
  if (detail === "full") return message;
  return { ...showMessage(message, detail), body: redactBody(message.body) };
}
