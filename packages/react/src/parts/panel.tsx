"use client";

import { type ReactElement, type ReactNode, useId, useRef } from "react";
import { isStillLost } from "../is-still-lost.ts";
import { common } from "../messages/en.ts";
import { formatTime } from "../time/format-time.ts";
import type { HubData, HubDataOptions } from "../use-hub-data.ts";
import { useLiveState } from "../use-live-state.ts";
import { useSlotwireClient } from "../use-slotwire-client.ts";
import { useLocale, useWords } from "../use-words.ts";
import { ProblemNote } from "./problem-note.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";

/** How components that are a part of a page fit into it. */
export interface PanelLook {
  readonly className?: string;
  /** The level of its heading; `h2` when absent. */
  readonly heading?: "h2" | "h3" | "h4";
}

/**
 * A part of a page with a heading, and in it what the hub answered, or why there is no answer. A later
 * failure leaves what was there and says that it may be out of date.
 */
export function Panel<Data>({
  look,
  name,
  title,
  failed,
  from,
  aside,
  zone,
  children,
}: {
  readonly look: PanelLook & Pick<HubDataOptions, "client">;
  /** The component's class. */
  readonly name: string;
  readonly title: ReactNode;
  readonly failed: string;
  readonly from: HubData<Data>;
  /** Beside the heading. */
  readonly aside?: ReactNode;
  /** IANA zone of the times; the browser's own when absent. */
  readonly zone?: string | null;
  readonly children: (data: Data) => ReactNode;
}): ReactElement {
  const { className = "", heading: Heading = "h2" } = look;
  const id = useId();
  const section = useRef<HTMLElement>(null);
  useKeptFocus(section);
  const words = useWords("common", common);
  const { data, error, reload } = from;
  const isWaiting = data === undefined && error === null;
  return (
    <section
      ref={section}
      tabIndex={-1}
      className={`sw sw-panel ${name} ${className}`.trim()}
      aria-labelledby={id}
      aria-busy={isWaiting}
    >
      <div className="sw-head">
        <Heading id={id} className="sw-title">
          {title}
        </Heading>
        {aside}
      </div>
      {error !== null && (
        <ProblemNote
          title={data === undefined ? failed : words.stale}
          error={error}
          onRetry={reload}
        />
      )}
      <Standing zone={zone} from={from} look={look} isStale={data !== undefined} />
      {isWaiting && <output className="sw-note sw-loading">{words.loading}</output>}
      {data !== undefined && children(data)}
    </section>
  );
}

/** That no news come, and how old what is shown is. The box is there before, so that it is read out. */
function Standing({
  zone,
  from: { lostAt },
  look,
  isStale,
}: {
  readonly zone: string | null | undefined;
  readonly from: Pick<HubData<unknown>, "lostAt">;
  readonly look: Pick<HubDataOptions, "client">;
  readonly isStale: boolean;
}): ReactElement {
  const client = useSlotwireClient(look.client);
  const words = useWords("common", common);
  const locale = useLocale();
  const status = useLiveState(client, (state) => state.status);
  const isAway = !["idle", "live", "polling"].includes(status);
  // Between two bytes of a connection that stands nothing has to be drawn.
  const syncedAt = useLiveState(client, (state) => (isAway ? state.lastSyncedAt : null));
  const isLost = isStale && isAway && isStillLost(status, lostAt, syncedAt);
  return (
    <output className={isLost ? "sw-info" : "sw-hidden"}>
      {isLost && (
        <>
          <strong>{status === "denied" ? words.stale : words.lost}</strong>{" "}
          {syncedAt !== null && words.asOf(formatTime("time", syncedAt, locale, zone ?? undefined))}
        </>
      )}
    </output>
  );
}
