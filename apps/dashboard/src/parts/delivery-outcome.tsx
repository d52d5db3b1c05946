import type { DeliveryStatus } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import { Chip, type Look } from "./chip.tsx";

const looks: Readonly<Record<DeliveryStatus, Look>> = {
  pending: { tone: "info", icon: "clock" },
  sending: { tone: "info", icon: "send" },
  retrying: { tone: "warn", icon: "retry" },
  delivered: { tone: "ok", icon: "check" },
  exhausted: { tone: "bad", icon: "warn" },
  cancelled: { tone: "quiet", icon: "cross" },
  skipped: { tone: "quiet", icon: "skip" },
};

/** How far a delivery has come, as text, icon and colour. */
export function DeliveryOutcome({ status }: { status: DeliveryStatus }) {
  return <Chip look={looks[status]}>{t.deliveries.status[status]}</Chip>;
}
