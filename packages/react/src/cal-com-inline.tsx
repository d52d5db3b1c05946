"use client";

import type { CalComPrefill } from "@slotwire/client";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { type BookedVisit, bookedVisit } from "./booked-visit.ts";
import type { CalComLabels } from "./cal-com-labels.ts";
import { embedCalCom } from "./embed-cal-com.ts";

type State = "loading" | "ready" | "slow" | "blocked" | "unavailable";

/**
 * Cal.com's own booking form, filled. Where it cannot be had, the link to the booking page, filled
 * the same.
 */
export function CalComInline({
  prefill,
  name,
  patience,
  labels,
  onBooked,
}: {
  readonly prefill: CalComPrefill;
  /** Whom the form is for, for its title. */
  readonly name: string;
  /** Milliseconds after which the link is offered beside a form that has not come. */
  readonly patience: number;
  readonly labels: CalComLabels;
  readonly onBooked: (visit: BookedVisit) => void;
}): ReactElement {
  const [attempt, setAttempt] = useState(0);
  // The form loads anew when what fills it changes, not at every render.
  const run = JSON.stringify([attempt, prefill]);
  const [told, setTold] = useState<{ readonly of: string; readonly state: State } | null>(null);
  const state = told?.of === run ? told.state : "loading";
  const place = useRef<HTMLDivElement>(null);
  const title = labels.formTitle(name);
  const latest = useRef({ onBooked, title });
  useEffect(() => {
    latest.current = { onBooked, title };
  });

  useEffect(() => {
    if (place.current === null) return;
    const [, filled] = JSON.parse(run) as [number, CalComPrefill];
    const tell = (next: State): void => setTold({ of: run, state: next });
    const timer = setTimeout(
      () => setTold((last) => (last?.of === run ? last : { of: run, state: "slow" })),
      patience,
    );
    const heard = new Set<string>();
    const remove = embedCalCom(place.current, filled, {
      title: latest.current.title,
      onState: tell,
      onBooked(data) {
        const visit = bookedVisit(data);
        // Cal.com tells of a booking by two events, of which one may be missing.
        const key = visit.uid ?? visit.startTime ?? "";
        if (heard.has(key)) return;
        heard.add(key);
        latest.current.onBooked(visit);
      },
    });
    return () => {
      clearTimeout(timer);
      remove();
    };
  }, [run, patience]);

  return (
    <div className="sw-cal-com-form" data-state={state}>
      {state === "loading" && <output className="sw-cal-com-note">{labels.loadingForm}</output>}
      {state !== "loading" && state !== "ready" && (
        <div className="sw-cal-com-note" role="alert">
          <p>{labels[state]}</p>
          <a href={prefill.url} target="_blank" rel="noreferrer">
            {labels.openForm}
          </a>{" "}
          {state !== "slow" && (
            <button type="button" onClick={() => setAttempt(attempt + 1)}>
              {labels.retry}
            </button>
          )}
        </div>
      )}
      <div
        ref={place}
        className="sw-cal-com-place"
        hidden={state === "blocked" || state === "unavailable"}
      />
    </div>
  );
}
