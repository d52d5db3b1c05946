/** A page that uses the package as a host application would; `e2e/react-package.test.ts` opens it. */
import { createClient } from "@slotwire/client";
import { type ReactElement, StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { ConnectionBadge, SlotwireProvider, useOrgBookingEvents } from "../src/index.ts";

/** What the test looks at, and ends. */
interface Handles {
  readonly handed: number[];
  updates: number;
  unmount(): void;
}

const handles: Handles = { handed: [], updates: 0, unmount: () => {} };
Object.assign(globalThis, { handles });

function Feed({ name, record }: { readonly name: string; readonly record: boolean }): ReactElement {
  const { events, isConnected, lastEventId, clearEvents } = useOrgBookingEvents({
    maxEvents: 5,
    onEvent: (event) => {
      if (record) handles.handed.push(event.seq);
    },
  });
  useEffect(() => {
    handles.updates += 1;
  });
  return (
    <section id={name}>
      <p className="state">{`${isConnected ? "connected" : "not connected"} at ${lastEventId}`}</p>
      <ol>
        {events.map((event) => (
          <li key={event.id}>{event.description}</li>
        ))}
      </ol>
      <button type="button" onClick={clearEvents}>
        Clear
      </button>
    </section>
  );
}

function Page(): ReactElement {
  const [shown, setShown] = useState(true);
  return (
    <>
      <ConnectionBadge />
      <Feed name="first" record />
      {shown && <Feed name="second" record={false} />}
      <button type="button" id="hide" onClick={() => setShown(false)}>
        Hide
      </button>
    </>
  );
}

const root = createRoot(document.body.appendChild(document.createElement("main")));
handles.unmount = () => root.unmount();
root.render(
  <StrictMode>
    <SlotwireProvider client={createClient({ reconnectDelays: [20] })}>
      <Page />
    </SlotwireProvider>
  </StrictMode>,
);
