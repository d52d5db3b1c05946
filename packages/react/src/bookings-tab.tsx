"use client";

import type { ActivityResource } from "@slotwire/contract";
import { type ReactElement, useState } from "react";
import { bookingsTab, common } from "./messages/en.ts";
import { Meeting } from "./parts/meeting.tsx";
import { Panel, type PanelLook } from "./parts/panel.tsx";
import { StatusChip } from "./parts/status-chip.tsx";
import { formatTime, relativeTime } from "./time/format-time.ts";
import { useNow } from "./time/use-now.ts";
import { type HubDataOptions, useHubData } from "./use-hub-data.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { type Labels, useLocale, useWords } from "./use-words.ts";

export interface BookingsTabProps extends HubDataOptions, PanelLook {
  /** The lead whose meetings are shown. */
  readonly leadId: string;
  /** What a server has read already. */
  readonly initialData?: readonly ActivityResource[];
  readonly labels?: Labels<"bookingsTab">;
}

const PAGE = 20;
const MOST = 200;

/** All meetings with a lead, latest first. Styled by `bookings-tab.css`. */
export function BookingsTab({
  leadId,
  initialData,
  labels,
  refreshKey,
  ...props
}: BookingsTabProps): ReactElement {
  const client = useSlotwireClient(props.client);
  const words = useWords("bookingsTab", bookingsTab, labels);
  const { more } = useWords("common", common);
  const [limit, setLimit] = useState(PAGE);
  const found = useHubData({
    client,
    key: leadId,
    ask: () => client.activities.list({ type: "MEETING", lead_id: leadId, limit }),
    initialData: initialData && { data: [...initialData], next_cursor: null },
    refreshKey: `${refreshKey} ${limit}`,
    concerns: () => true,
  });
  return (
    <Panel look={props} name="sw-bookings" title={words.title} failed={words.failed} from={found}>
      {({ data: meetings, next_cursor: next }, zone) => (
        <>
          {meetings.length === 0 ? (
            <p className="sw-note">{words.empty}</p>
          ) : (
            <ul className="sw-list">
              {meetings.map((meeting) => (
                <LeadMeeting
                  key={meeting.id}
                  meeting={meeting}
                  zone={zone ?? meeting.time_zone}
                  words={words}
                />
              ))}
            </ul>
          )}
          {next !== null && limit < MOST && (
            <button type="button" className="sw-button" onClick={() => setLimit(MOST)}>
              {more}
            </button>
          )}
        </>
      )}
    </Panel>
  );
}

function LeadMeeting({
  meeting,
  zone,
  words,
}: {
  readonly meeting: ActivityResource;
  readonly zone: string;
  readonly words: typeof bookingsTab;
}): ReactElement {
  const now = useNow();
  const locale = useLocale();
  const { activityDate: at, description, status } = meeting;
  const isAhead = status === "scheduled" && now !== null && Date.parse(at) > now;
  return (
    <Meeting
      meeting={meeting}
      zone={zone}
      when={formatTime("full", at, locale, zone)}
      link={words.meeting}
      aside={
        <>
          <StatusChip status={status} />
          {isAhead && (
            <span className="sw-when">
              <span aria-hidden="true">⏰</span>{" "}
              {words.upcoming(relativeTime(at, now, locale, zone))}
            </span>
          )}
        </>
      }
    >
      {description !== "" && <p className="sw-bookings-text">{description}</p>}
    </Meeting>
  );
}
