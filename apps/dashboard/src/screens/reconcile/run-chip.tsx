import type { ReconcileRunResource } from "@slotwire/contract";
import { reconcile } from "../../messages/reconcile.ts";
import { Chip, type Look } from "../../parts/chip.tsx";

const looks: Readonly<Record<ReconcileRunResource["status"], Look>> = {
  queued: { tone: "info", icon: "clock" },
  running: { tone: "busy", icon: "play" },
  done: { tone: "ok", icon: "check" },
  failed: { tone: "bad", icon: "warn" },
  cancelled: { tone: "quiet", icon: "cross" },
};

const openLook: Look = { tone: "warn", icon: "warn" };

/** How a run stands; one that left something open is not simply done. */
export function RunChip({ run }: { run: ReconcileRunResource }) {
  const isOpen = run.status === "done" && run.still_different > 0;
  return (
    <Chip look={isOpen ? openLook : looks[run.status]}>
      {isOpen ? reconcile.outcomes.open : reconcile.status[run.status]}
    </Chip>
  );
}
