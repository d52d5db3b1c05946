/** A page with one component of the package; `e2e/react-components.test.ts` opens it. */
import { createClient, type SlotwireClient } from "@slotwire/client";
import { type ComponentType, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "../src/styles.css";
import {
  BookingEventMonitor,
  BookingsTab,
  CalComEmbedWithPrefill,
  ConnectionBadge,
  DayBoard,
  type Language,
  QuickAddFromBooking,
  RealTimeBookingEvents,
  SlotwireProvider,
  StatusChangeForm,
  TasksWidget,
  UpcomingBookings,
  UserEventMonitor,
} from "../src/index.ts";
import { da } from "../src/messages/da.ts";
import { en } from "../src/messages/en.ts";
import { pl } from "../src/messages/pl.ts";
import { sv } from "../src/messages/sv.ts";
import { MoveExample, TaskExample } from "./hook-examples.tsx";

/** What the address says behind `#`. */
interface ComponentsPage {
  readonly show: keyof typeof components;
  readonly props: object;
  readonly language: string;
}

const components = {
  BookingEventMonitor,
  BookingsTab,
  CalComEmbedWithPrefill,
  ConnectionBadge,
  DayBoard,
  MoveExample,
  QuickAddFromBooking,
  RealTimeBookingEvents,
  StatusChangeForm,
  TaskExample,
  TasksWidget,
  UpcomingBookings,
  UserEventMonitor,
};
const languages: Readonly<Record<string, Language>> = { da, en, pl, sv };

const { show, props, language }: ComponentsPage = JSON.parse(
  decodeURIComponent(location.hash.slice(1)),
) as ComponentsPage;
const { [show]: Shown } = components as unknown as Record<string, ComponentType<object>>;
const client = createClient({ reconnectDelays: [20] });

/** What handlers were called with, for the test to look at. */
const told: unknown[] = [];
Object.assign(globalThis, { told });
const tell = (value: unknown): unknown => told.push(value);
const handlers = {
  DayBoard: "onOpen" in props ? { onOpen: tell } : {},
  QuickAddFromBooking: { onImported: tell },
  RealTimeBookingEvents: {
    ...("onOpen" in props ? { onOpen: tell } : {}),
    ...("onToast" in props ? { onToast: tell } : {}),
  },
  StatusChangeForm: { onChanged: tell },
};

const root = createRoot(document.body.appendChild(document.createElement("main")));
document.documentElement.lang = language;
const render = (used: SlotwireClient): void =>
  root.render(
    <StrictMode>
      <SlotwireProvider client={used} language={languages[language] ?? en}>
        <h1 style={{ overflowWrap: "anywhere" }}>{show}</h1>
        {Shown && <Shown {...props} {...(handlers as Record<string, object>)[show]} />}
      </SlotwireProvider>
    </StrictMode>,
  );
render(client);
/** The same page for another hub, which does not answer. */
const leaveHub = (): void => render(createClient({ baseUrl: "/elsewhere" }));
Object.assign(globalThis, { leaveHub });
