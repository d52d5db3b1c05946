/** A page that shows what one hook gives; `e2e/live-components.test.ts` opens it. */
import { createClient } from "@slotwire/client";
import { type ReactElement, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import {
  useBooking,
  useProviderBookingEvents,
  useToday,
  useUserBookingEvents,
} from "../src/index.ts";

/** What the address says behind `#`. */
interface HooksPage {
  readonly hook: keyof typeof shows;
  readonly id?: string;
}

const client = createClient({ reconnectDelays: [20] });
const { hook, id }: HooksPage = JSON.parse(decodeURIComponent(location.hash.slice(1))) as HooksPage;

const as = (value: unknown): ReactElement => <pre>{JSON.stringify(value)}</pre>;

function Booking(): ReactElement {
  const { booking, isGone, isLoading, isChanging, change } = useBooking(id, { client });
  const cancel = (): unknown =>
    change({ status: "cancelled" }, ({ id: of, version }) =>
      client.bookings.cancel(of, {}, { ifVersion: version }),
    );
  return (
    <>
      <button type="button" onClick={cancel}>
        Cancel
      </button>
      {as({ status: booking?.status ?? null, isGone, isLoading, isChanging })}
    </>
  );
}

function Today(): ReactElement {
  const { bookings, date, timeZone, isLoading } = useToday({ client });
  const titles = bookings.map(({ title, status }) => `${title}: ${status}`);
  return as({ date, timeZone, isLoading, titles });
}

function User(): ReactElement {
  const { events, isConnected } = useUserBookingEvents(undefined, { client });
  return as({ isConnected, types: events.map(({ type }) => type) });
}

function Provider(): ReactElement {
  const { events, isConnected } = useProviderBookingEvents(id, { client, recent: 10 });
  return as({ isConnected, types: events.map(({ type }) => type) });
}

const shows = { Booking, Today, User, Provider };
const { [hook]: Shown } = shows;

createRoot(document.body.appendChild(document.createElement("main"))).render(
  <StrictMode>
    <h1>{hook}</h1>
    <Shown />
  </StrictMode>,
);
