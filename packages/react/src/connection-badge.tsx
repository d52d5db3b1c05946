"use client";

import type { LiveStatus, SlotwireClient } from "@slotwire/client";
import type { ReactElement } from "react";
import { connection } from "./messages/en.ts";
import { ConnectionText } from "./parts/connection-text.tsx";
import { useLiveStatus } from "./use-live-status.ts";
import { type Labels, useWords } from "./use-words.ts";

/** What each state is called. */
export type ConnectionLabels = Readonly<Record<LiveStatus, string>>;

/** Says whether what is on the screen is live. Styled by `connection-badge.css`. */
export function ConnectionBadge({
  client,
  labels,
  className,
}: {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** Words in place of those of the language. */
  readonly labels?: Labels<"connection">;
  readonly className?: string;
}): ReactElement {
  const status = useLiveStatus(client);
  const words = useWords("connection", connection, labels);
  return <ConnectionText as="output" status={status} text={words[status]} className={className} />;
}
