"use client";

import type { ActivityResource } from "@slotwire/contract";
import type { ReactElement, ReactNode } from "react";
import { OutsideLink } from "./outside-link.tsx";

/** A line of a list of meetings. */
export function Meeting({
  meeting: { subject, activityDate, metadata },
  zone,
  when,
  link,
  aside,
  children,
}: {
  readonly meeting: ActivityResource;
  /** Of its date: an IANA name. */
  readonly zone: string;
  /** Its date in words. */
  readonly when: string;
  /** What the link to the meeting is called. */
  readonly link: string;
  readonly aside: ReactNode;
  readonly children?: ReactNode;
}): ReactElement {
  return (
    <li className="sw-row">
      <div className="sw-grow">
        <p className="sw-strong">{subject}</p>
        <p className="sw-muted">
          <time dateTime={activityDate} title={zone}>
            {when}
          </time>
        </p>
        {children}
        <OutsideLink href={metadata.meetingUrl} of={subject}>
          {link}
        </OutsideLink>
      </div>
      <div className="sw-side">{aside}</div>
    </li>
  );
}
