import type { InboundMessageResource, InboundMessageStatus } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import { Chip, type Look } from "./chip.tsx";

const looks: Readonly<Record<InboundMessageStatus, Look>> = {
  received: { tone: "info", icon: "clock" },
  waiting: { tone: "warn", icon: "clock" },
  processed: { tone: "ok", icon: "check" },
  unchanged: { tone: "quiet", icon: "equal" },
  ignored: { tone: "quiet", icon: "skip" },
  failed: { tone: "bad", icon: "warn" },
};

/** What became of a message, as text, icon and colour. */
export function MessageOutcome({
  message,
}: {
  message: Pick<InboundMessageResource, "status" | "action">;
}) {
  const action = message.action === null ? undefined : t.inbox.action[message.action];
  // While a message waits or has failed, that says more than what it was about.
  const isSettled = message.status === "processed" || message.status === "unchanged";
  return (
    <Chip look={looks[message.status]}>
      {(isSettled ? action : undefined) ?? t.inbox.status[message.status]}
    </Chip>
  );
}
