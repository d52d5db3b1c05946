import type { DestinationResource } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Chip, type Look } from "../../parts/chip.tsx";
import { Warning } from "../../parts/warning.tsx";
import { relativeTime } from "../../time/relative-time.ts";
import { useNow } from "../../time/use-now.ts";

const looks: Readonly<Record<DestinationResource["status"], Look>> = {
  active: { tone: "ok", icon: "check" },
  paused: { tone: "warn", icon: "pause" },
  disabled: { tone: "bad", icon: "barred" },
};

/** Whether a destination is sent to. */
export function DestinationState({ status }: Pick<DestinationResource, "status">) {
  return <Chip look={looks[status]}>{t.destinations.status[status]}</Chip>;
}

/** What is wrong with a destination, if anything is. */
export function DestinationTrouble({ destination }: { destination: DestinationResource }) {
  const now = useNow();
  const { disabled_reason: reason, failing_since: since } = destination;
  if (reason !== null) return <p className="mt-1 text-sm text-bad">{reason}</p>;
  if (since === null) return null;
  return <Warning text={outbound.figures.failing(relativeTime(since, now))} />;
}
