"use client";

import type { SlotwireClient } from "@slotwire/client";
import { type ReactElement, type ReactNode, useId, useRef } from "react";
import { isStillLost } from "../is-still-lost.ts";
import { common } from "../messages/en.ts";
import { formatTime } from "../time/format-time.ts";
import { useZone } from "../time/use-zone.ts";
import type { HubData, HubDataOptions } from "../use-hub-data.ts";
import { useLiveState } from "../use-live-state.ts";
import { useSlotwireClient } from "../use-slotwire-client.ts";
import { useLocale, useWords } from "../use-words.ts";
import { ProblemNote } from "./problem-note.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";
import { ZoneNote } from "./zone-note.tsx";

/** How components that are a part of a page fit into it. */
export interface PanelLook {
  readonly className?: string;
  /** The level of its heading; `h2` when absent. */
  readonly heading?: "h2" | "h3" | "h4";
  /** IANA zone of the times; the provider's when absent, else the organisation's. */
  readonly timeZone?: string;
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
  children,
}: {
  readonly look: PanelLook & Pick<HubDataOptions, "client">;
  /** The component's class. */
  readonly name: string;
  readonly title: ReactNode;
  readonly failed: string;
  readonly from: HubData<Data>;
  /** Told the zone of the times, as `useZone` tells it. */
  readonly children: (data: Data, zone: string | null | undefined) => ReactNode;
}): ReactElement {
  const { className = "", heading: Heading = "h2" } = look;
  const id = useId();
  const section = useRef<HTMLElement>(null);
  useKeptFocus(section);
  const words = useWords("common", common);
  const client = useSlotwireClient(look.client);
  const zone = useZone(client, look.timeZone);
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
        <ZoneNote zone={zone} />
      </div>
      {error !== null && (
        <ProblemNote
          title={data === undefined ? failed : words.stale}
          error={error}
          onRetry={reload}
        />
      )}
      <Standing zone={zone} from={from} client={client} isStale={data !== undefined} />
      {isWaiting && <output className="sw-note sw-loading">{words.loading}</output>}
      {data !== undefined && children(data, zone)}
    </section>
  );
}

/** That no news come, and how old what is shown is. The box is there before, so that it is read out. */
function Standing({
  zone,
  from: { lostAt },
  client,
  isStale,
}: {
  readonly zone: string | null | undefined;
  readonly from: Pick<HubData<unknown>, "lostAt">;
  readonly client: SlotwireClient;
  readonly isStale: boolean;
}): ReactElement {
  const words = useWords("common", common);
  const locale = useLocale();
  const status = useLiveState(client, (state) => state.status);
  const isAway = !["idle", "live", "polling"].includes(status);
  // Between two bytes of a connection that stands nothing has to be drawn.
  const syncedAt = useLiveState(client, (state) => (isAway ? state.lastSyncedAt : null));
  const isLost = isStale && isAway && isStillLost(status, lostAt, syncedAt);
  const at = syncedAt !== null && formatTime("time", syncedAt, locale, zone);
  return (
    <output className={isLost ? "sw-info" : "sw-hidden"}>
      {isLost && (
        <>
          <strong>{status === "denied" ? words.stale : words.lost}</strong> {at && words.asOf(at)}
        </>
      )}
    </output>
  );
}
