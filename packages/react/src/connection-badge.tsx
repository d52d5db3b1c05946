import type { LiveStatus, SlotwireClient } from "@slotwire/client";
import type { ReactElement } from "react";
import { useLiveStatus } from "./use-live-status.ts";

/** What each state is called. */
export type ConnectionLabels = Readonly<Record<LiveStatus, string>>;

const english: ConnectionLabels = {
  idle: "Not connected",
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting…",
  polling: "Live, slower",
  offline: "Offline",
  denied: "Access denied",
};

/** The status as words, icon and colour: nobody has to tell colours apart. */
const icons: ConnectionLabels = {
  idle: "○",
  connecting: "◌",
  live: "●",
  reconnecting: "◌",
  polling: "◐",
  offline: "✕",
  denied: "✕",
};

/** Says whether what is on the screen is live. Styled by `connection-badge.css`. */
export function ConnectionBadge({
  client,
  labels = english,
  className,
}: {
  /** The nearest provider's, when absent. */
  readonly client?: SlotwireClient;
  readonly labels?: ConnectionLabels;
  readonly className?: string;
}): ReactElement {
  const status = useLiveStatus(client);
  return (
    <output
      className={className === undefined ? "sw-connection" : `sw-connection ${className}`}
      data-status={status}
    >
      <span className="sw-connection-icon" aria-hidden="true">
        {icons[status]}
      </span>
      {labels[status]}
    </output>
  );
}
