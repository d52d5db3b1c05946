import { createClient, setDefaultClient, type SlotwireClient } from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";
import { type ReactElement, type ReactNode, useState } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { activity, booking, customers, event, statusChange, task } from "../test/server-data.ts";
import { BookingsTab } from "./bookings-tab.tsx";
import { CalComEmbedWithPrefill } from "./cal-com-embed-with-prefill.tsx";
import { ConnectionBadge } from "./connection-badge.tsx";
import { DayBoard } from "./day-board.tsx";
import { pl } from "./messages/pl.ts";
import { QuickAddFromBooking } from "./quick-add-from-booking.tsx";
import { SlotwireProvider } from "./slotwire-provider.tsx";
import { StatusChangeForm } from "./status-change-form.tsx";
import { TasksWidget } from "./tasks-widget.tsx";
import { UpcomingBookings } from "./upcoming-bookings.tsx";
import { RealTimeBookingEvents } from "./real-time-booking-events.tsx";
import { useBooking } from "./use-booking.ts";
import { useMarkTaskComplete } from "./use-mark-task-complete.ts";
import { useOrgBookingEvents } from "./use-org-booking-events.ts";
import { useReschedule } from "./use-reschedule.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useToday } from "./use-today.ts";

const refuse: typeof fetch = () => {
  throw new Error("a server that renders must not connect");
};
const client = createClient({ baseUrl: "http://127.0.0.1:1", fetch: refuse });

function Feed({ initial }: { readonly initial: readonly BookingEvent[] }): ReactElement {
  const { events, isConnected, error, hasGap } = useOrgBookingEvents({ initialEvents: initial });
  const state = JSON.stringify({ isConnected, error, hasGap });
  return (
    <p>
      {state} {events.map(({ description }) => description).join()}
    </p>
  );
}

test("renders on a server without connecting, with the events it is given", () => {
  const html = renderToString(
    <SlotwireProvider client={client}>
      <ConnectionBadge />
      <Feed initial={[event]} />
    </SlotwireProvider>,
  );
  expect(html).toContain('data-status="idle"');
  expect(html).toContain("Not connected");
  expect(html).toContain(event.description);
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

test("uses the default client where no other is named, without connecting on a server", () => {
  const used: SlotwireClient[] = [];
  const Seen = (): ReactElement => {
    used.push(useSlotwireClient());
    return <RealTimeBookingEvents bookingId="booking-1" />;
  };
  expect(renderToString(<Seen />)).toContain("Not connected");
  setDefaultClient(client);
  renderToString(<Seen />);
  renderToString(<Seen />);
  expect(used[0]).not.toBe(client);
  expect(used.slice(1)).toEqual([client, client]);
  const own = createClient();
  renderToString(
    <SlotwireProvider client={own}>
      <Seen />
    </SlotwireProvider>,
  );
  expect(used.at(-1)).toBe(own);
});

test("renders the choice of pets on a server, and no script", () => {
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

test("tells of no bookings before the day was read", () => {
  const html = renderToString(<DayBoard client={client} />);
  expect(html).toContain("Loading…");
  expect(html).not.toContain("0 bookings");
});

const inPolish = (children: ReactNode): string =>
  renderToString(
    <SlotwireProvider client={client} language={pl} timeZone="Europe/Warsaw">
      {children}
    </SlotwireProvider>,
  );

test("renders what a server has read, in its language and zone", () => {
  const unsafe = { ...activity, metadata: { meetingUrl: "javascript:alert(1)" } };
  const meetings = inPolish(<UpcomingBookings initialData={[unsafe]} />);
  expect(meetings).toContain("Nadchodzące rezerwacje");
  expect(meetings).toContain("10:00");
  expect(meetings).not.toContain("href");
  expect(inPolish(<BookingsTab leadId="lead-1" initialData={[activity]} />)).toContain(
    "21 listopada 2026",
  );
  const tasks = inPolish(<TasksWidget initialData={[task]} />);
  expect(tasks).toContain("1 zadanie do zrobienia");
  expect(tasks).toContain("Wysoki priorytet");
  const day = inPolish(
    <DayBoard date="2026-11-21" initialData={{ bookings: [booking], commands: [] }} />,
  );
  expect(day).toContain("sobota, 21 listopada");
  expect(day).toContain("1 wizyta");
  expect(day).toContain("Alergie: Kurczak");
  const form = inPolish(<StatusChangeForm bookingId={booking.id} initialData={statusChange} />);
  expect(form).toContain("Odwołaj rezerwację");
  expect(form).toContain("Klient przyszedł");
});

test("renders a visit's time in its own zone while nobody has told another, and says nothing of zones", () => {
  const meetings = renderToString(<UpcomingBookings client={client} initialData={[activity]} />);
  expect(meetings).toContain("10:00");
  const form = (zone?: string): string =>
    renderToString(
      <SlotwireProvider client={client} {...(zone && { timeZone: zone })}>
        <StatusChangeForm bookingId={booking.id} initialData={statusChange} />
      </SlotwireProvider>,
    );
  expect(form()).toContain("21 November 2026 at 10:00");
  expect(form("Asia/Tokyo")).toContain("21 November 2026 at 18:00");
  for (const html of [meetings, form(), form("Asia/Tokyo")]) expect(html).not.toContain("Times in");
});

test("says that it is loading where nothing was read before, and puts labels before the language", () => {
  expect(inPolish(<UpcomingBookings labels={{ title: "Co dalej" }} />)).toContain("Co dalej");
  for (const component of [
    <UpcomingBookings key="1" />,
    <TasksWidget key="2" />,
    <DayBoard key="3" />,
  ]) {
    expect(inPolish(component)).toContain("Wczytywanie…");
  }
  expect(inPolish(<QuickAddFromBooking />)).toContain("Dodaj z rezerwacji");
  expect(inPolish(<ConnectionBadge />)).toContain("Brak połączenia");
});

function Visit(): ReactElement {
  const { booking: shown, isLoading } = useBooking(booking.id, { initialBooking: booking });
  const day = useToday({ date: "2026-11-21", initialBookings: [booking] });
  return <p>{`${shown?.title} ${isLoading} ${day.bookings.length} ${day.isLoading}`}</p>;
}

test("renders events, a booking and a day that a server has read", () => {
  const events = inPolish(<RealTimeBookingEvents initialEvents={[event]} />);
  expect(events).toContain("Rezerwację #7 przełożono na 21 listopada 2026");
  expect(events).not.toContain(event.description);
  expect(events).toContain("Przełożono");
  expect(events).toContain("10:00");
  expect(events).toContain("1 zdarzenie");
  expect(inPolish(<Visit />)).toContain("Strzyżenie false 1 false");
});

/** Shows another booking as soon as it can, as a page does whose visitor goes on. */
function NextVisit(): ReactElement {
  const [id, setId] = useState(booking.id);
  const { booking: shown, isGone, isLoading } = useBooking(id, { initialBooking: booking });
  if (id === booking.id) setId("01920000-0000-7000-8000-000000000002");
  return <p>{JSON.stringify({ shown, isGone, isLoading }).replaceAll('"', "")}</p>;
}

test("tells of a booking that a server has not read that it is loading, and not that it is gone", () => {
  expect(inPolish(<NextVisit />)).toContain("{shown:null,isGone:false,isLoading:true}");
});

/** Goes on to events of another kind as soon as it can. */
function NextEvents({ next }: { readonly next?: readonly BookingEvent[] }): ReactElement {
  const [type, setType] = useState<BookingEvent["type"]>("booking.rescheduled");
  const [initialEvents] = useState([event]);
  const isNext = type === "booking.cancelled";
  const { events } = useOrgBookingEvents({
    types: [type],
    initialEvents: isNext && next ? next : initialEvents,
  });
  if (!isNext) setType("booking.cancelled");
  return <p>{`${events.length} of ${type}`}</p>;
}

test("shows no events of another part of the log than the one that a server has read", () => {
  expect(inPolish(<NextEvents />)).toContain("0 of booking.cancelled");
  expect(inPolish(<NextEvents next={[event, { ...event, id: "2" }]} />)).toContain("2 of ");
});

function Changes(): ReactElement {
  const { moves } = useReschedule();
  const { marks } = useMarkTaskComplete();
  return <p>{`${moves.size} moves, ${marks.size} marks`}</p>;
}

test("renders what changes bookings and tasks, without asking", () => {
  expect(inPolish(<Changes />)).toContain("0 moves, 0 marks");
});
