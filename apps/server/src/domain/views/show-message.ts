import type { InboundMessageDetail, InboundMessageResource } from "@slotwire/contract";
import { describeIdleMessage } from "../describe-message.ts";
import { HIDDEN } from "./mask-contact.ts";
import { isWord, redactBody } from "./redact.ts";
import { showChanges } from "./show-changes.ts";
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
  const wasIdle =
    message.description === describeIdleMessage(message.summary, message.booking_number);
  return {
    ...message,
    trigger,
    summary: trigger ?? "",
    description: wasIdle
      ? describeIdleMessage(trigger ?? "", message.booking_number)
      : message.description,
  };
}

/** The same with its body. */
export function showMessageDetail(
  message: InboundMessageDetail,
  detail: Detail,
): InboundMessageDetail {
  if (detail === "full") return message;
  const headers = Object.entries(message.headers).map(
    ([name, value]) => [name, isWord(value) ? value : HIDDEN] as const,
  );
  return {
    ...showMessage(message, detail),
    body: redactBody(message.body),
    headers: Object.fromEntries(headers),
    changes: showChanges(message.changes, detail),
  };
}
