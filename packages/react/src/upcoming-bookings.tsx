"use client";

import type { ActivityResource } from "@slotwire/contract";
import type { ReactElement } from "react";
import { common, upcoming } from "./messages/en.ts";
import { Meeting } from "./parts/meeting.tsx";
import { Panel, type PanelLook } from "./parts/panel.tsx";
import { formatTime, relativeTime } from "./time/format-time.ts";
import { useNow } from "./time/use-now.ts";
import { type HubDataOptions, useHubData } from "./use-hub-data.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { type Labels, useLocale, useWords } from "./use-words.ts";

export interface UpcomingBookingsProps extends HubDataOptions, PanelLook {
  /** How many are shown; 10 when absent. */
  readonly limit?: number;
  /** What a server has read already. */
  readonly initialData?: readonly ActivityResource[];
  readonly labels?: Labels<"upcoming">;
}

/** The next meetings, soonest first. Styled by `upcoming-bookings.css`. */
export function UpcomingBookings({
  limit = 10,
  initialData,
  labels,
  refreshKey,
  ...props
}: UpcomingBookingsProps): ReactElement {
  const client = useSlotwireClient(props.client);
  const words = useWords("upcoming", upcoming, labels);
  const found = useHubData<readonly ActivityResource[]>({
    client,
    key: `${limit}`,
    ask: async () =>
      (await client.activities.list({ type: "MEETING", upcoming: "true", limit })).data,
    initialData,
    refreshKey,
    concerns: () => true,
  });
  return (
    <Panel look={props} name="sw-upcoming" title={words.title} failed={words.failed} from={found}>
      {(meetings, zone) =>
        meetings.length === 0 ? (
          <p className="sw-note">{words.empty}</p>
        ) : (
          <ul className="sw-list">
            {meetings.map((meeting) => (
              <Upcoming key={meeting.id} meeting={meeting} zone={zone ?? meeting.time_zone} />
            ))}
          </ul>
        )
      }
    </Panel>
  );
}

function Upcoming({
  meeting,
  zone,
}: {
  readonly meeting: ActivityResource;
  readonly zone: string;
}): ReactElement {
  const now = useNow();
  const locale = useLocale();
  const { join } = useWords("common", common);
  const { activityDate: at, lead, contact } = meeting;
  const who = lead?.title ?? contact?.name;
  return (
    <Meeting
      meeting={meeting}
      zone={zone}
      when={`${formatTime("date", at, locale, zone)} · ${formatTime("time", at, locale, zone)}`}
      link={join}
      aside={now !== null && <span className="sw-when">{relativeTime(at, now, locale, zone)}</span>}
    >
      {who && <p className="sw-muted">{who}</p>}
    </Meeting>
  );
}
