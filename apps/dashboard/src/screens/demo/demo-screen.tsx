import type { DemoResource } from "@slotwire/contract";
import { SlotwireProvider } from "@slotwire/react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { hub } from "../../api/hub.ts";
import { demo as words } from "../../messages/demo.ts";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { PageSkeleton } from "../../parts/skeleton.tsx";
import { beginElsewhere } from "../../session/begin-elsewhere.ts";
import { useSession, useZone } from "../../session/use-session.ts";
import { demoSlug } from "../../shell/places.ts";
import { Became } from "./became.tsx";
import { Burst } from "./burst.tsx";
import { Counters } from "./counters.tsx";
import { Day } from "./day.tsx";
import { demoApi, isNoDemo } from "./demo-api.ts";
import { createDemoWatch, type DemoState, type DemoWatch } from "./demo-watch.ts";
import { Examples } from "./examples.tsx";
import { Feed } from "./feed.tsx";
import { NoDemo } from "./no-demo.tsx";
import { OneBooking } from "./one-booking.tsx";
import { SourceSettings } from "./source-settings.tsx";
import { Subscriptions } from "./subscriptions.tsx";
import { WebhookTests } from "./webhook-tests.tsx";

const columns =
  "grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_20rem] 2xl:grid-cols-[minmax(0,1fr)_25rem]";

/** The page on which one breaks the source, and sees that everything ends up right. */
export function DemoScreen() {
  const isDemo = useSession().organisation.slug === demoSlug;
  return (
    <>
      <PageHeader title={words.title} below={isDemo ? words.intro : undefined} />
      {isDemo ? <Watched /> : <NoDemo />}
    </>
  );
}

function Watched() {
  const [watch] = useState(() => createDemoWatch(demoApi.read, hub.live));
  const state = useSyncExternalStore(watch.watch, () => watch.state);
  useEffect(() => watch.start(), [watch]);
  const { demo, error } = state;
  const queries = useQueryClient();
  const isGone = isNoDemo(error);
  useEffect(() => {
    // It is not there either when another tab has chosen another organisation.
    if (isGone) void beginElsewhere(queries);
  }, [isGone, queries]);
  if (demo === null && isGone) return <NoDemo />;
  if (demo === null && error === null) return <PageSkeleton />;
  if (demo === null) return <ProblemPanel error={error} onRetry={watch.restart} />;
  return <Demo demo={demo} state={state} watch={watch} />;
}

interface DemoProps {
  demo: DemoResource;
  state: DemoState;
  watch: DemoWatch;
}

function Demo({ demo, state, watch }: DemoProps) {
  const [client] = useState(() => ({ ...hub, live: watch.reader }));
  const [bookingId, open] = useState<string | null>(null);
  return (
    <SlotwireProvider client={hub} timeZone={useZone()}>
      <div className="space-y-5">
        <Counters state={state} onRestart={watch.restart} />
        <div className={columns}>
          <div className="min-w-0 space-y-5">
            <a
              href="#demo-source"
              className="sr-only rounded-lg bg-surface px-3 py-2 focus:not-sr-only focus:absolute focus:z-10"
            >
              {words.toSource}
            </a>
            <Feed client={client} onOpen={open} />
            <OneBooking bookingId={bookingId} />
          </div>
          <div id="demo-source" tabIndex={-1} className="min-w-0 space-y-5 outline-none">
            <SourceSettings demo={demo} onChanged={watch.accept} />
            <Burst demo={demo} onChanged={watch.accept} />
          </div>
        </div>
        <Day />
        <div className={columns}>
          <div className="min-w-0 space-y-5">
            <WebhookTests destinationId={demo.destination_id} />
            <Examples />
          </div>
          <div className="min-w-0 space-y-5">
            <Subscriptions />
            <Became counts={demo.counts} />
          </div>
        </div>
      </div>
    </SlotwireProvider>
  );
}
