"use client";

import type { LiveStatus } from "@slotwire/client";
import type { ReactElement } from "react";

/** The status as words, icon and colour: nobody has to tell colours apart. */
const icons: Readonly<Record<LiveStatus | "paused", string>> = {
  idle: "○",
  connecting: "◌",
  live: "●",
  reconnecting: "◌",
  polling: "◐",
  offline: "✕",
  denied: "✕",
  paused: "‖",
};

/** How the connection stands. Styled by `connection-badge.css`. */
export function ConnectionText({
  status,
  text,
  as: Tag = "span",
  className = "",
}: {
  readonly status: LiveStatus | "paused";
  readonly text: string;
  /** `output` where changes are read out. */
  readonly as?: "span" | "output";
  readonly className?: string | undefined;
}): ReactElement {
  return (
    <Tag className={`sw-connection ${className}`.trim()} data-status={status}>
      <span className="sw-connection-icon" aria-hidden="true">
        {icons[status]}
      </span>
      {text}
    </Tag>
  );
}
