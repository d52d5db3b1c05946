import { createClient } from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";
import type { ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { CalComEmbedWithPrefill } from "./cal-com-embed-with-prefill.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import { SlotwireProvider } from "./slotwire-provider.tsx";
import { useOrgBookingEvents } from "./use-org-booking-events.ts";

const refuse: typeof fetch = () => {
  throw new Error("a server that renders must not connect");
};
const client = createClient({ baseUrl: "http://127.0.0.1:1", fetch: refuse });

function Feed({ initial }: { readonly initial: readonly BookingEvent[] }): ReactElement {
  const { events, isConnected, error, hasGap } = useOrgBookingEvents({ initialEvents: initial });
  const state = JSON.stringify({ isConnected, error, hasGap });
  return (
    <p>
      {state} {events.map((event) => event.description).join()}
    </p>
  );
}

test("renders on a server without connecting, with the events it is given", () => {
  const event = { id: "1", seq: 1, description: "Burek at ten" } as BookingEvent;
  const html = renderToString(
    <SlotwireProvider client={client}>
      <ConnectionBadge />
      <Feed initial={[event]} />
    </SlotwireProvider>,
  );
  expect(html).toContain('data-status="idle"');
  expect(html).toContain("Not connected");
  expect(html).toContain("Burek at ten");
  expect(html).toContain("isConnected&quot;:false");
});

test("takes the words of the host's language", () => {
  const words = {
    idle: "Ikke forbundet",
    connecting: "…",
    live: "Live",
    reconnecting: "…",
    polling: "…",
    offline: "…",
    denied: "…",
  };
  expect(renderToString(<ConnectionBadge client={client} labels={words} />)).toContain(
    "Ikke forbundet",
  );
});

test("says what is missing without a provider", () => {
  expect(() => renderToString(<ConnectionBadge />)).toThrow("SlotwireProvider");
});

test("renders the choice of pets on a server, and no script", () => {
  const subjects = [{ id: "pet-12", name: "Burek", breed: "Labrador" }];
  const customers = [{ id: "client-7", name: "Jan Kowalski", subjects }];
  const html = renderToString(
    <CalComEmbedWithPrefill calLink="salon/grooming" customers={customers} />,
  );
  expect(html).toContain("<strong>Burek</strong> (Labrador)");
  expect(html).toContain("Jan Kowalski");
  expect(html).not.toContain("<script");
  expect(
    renderToString(<CalComEmbedWithPrefill calLink="salon/grooming" client={client} />),
  ).toContain("Looking…");
});

test("says what a booking form lacks", () => {
  expect(() => renderToString(<CalComEmbedWithPrefill calLink="salon/grooming" />)).toThrow(
    "Pass customers or a client",
  );
});
