import { ConnectionBadge, useLiveStatus } from "@slotwire/react";
import "@slotwire/react/connection-badge.css";
import { t } from "../messages/messages.ts";

/** Says whether changes appear by themselves. */
export function ConnectionState() {
  const status = useLiveStatus();
  return (
    <span title={t.live.hint[status]} className="inline-flex h-9 items-center px-2 text-muted">
      <ConnectionBadge labels={t.live.status} />
    </span>
  );
}
