/** An application that books with Cal.com; `e2e/cal-com-embed.test.ts` opens it. */
import { createClient } from "@slotwire/client";
import { type ReactElement, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import "../src/cal-com-embed-with-prefill.css";
import {
  type CalComBooking,
  CalComEmbedWithPrefill,
  type CalComEmbedWithPrefillProps,
} from "../src/index.ts";

type Props = Omit<CalComEmbedWithPrefillProps, "client" | "onBooked">;

/** What the test sets before the page is there, and what it looks at. */
interface BookingPage {
  readonly props: Props;
  readonly booked: CalComBooking[];
}

const page = (globalThis as unknown as { bookingPage: BookingPage }).bookingPage;
const client = createClient();

function Page(): ReactElement {
  const [shown, setShown] = useState(true);
  const [renders, setRenders] = useState(0);
  return (
    <>
      <h1>Book a visit</h1>
      <button type="button" onClick={() => setShown(!shown)}>
        Show or hide
      </button>
      <button type="button" onClick={() => setRenders(renders + 1)}>
        Render again
      </button>
      {shown && (
        <CalComEmbedWithPrefill
          client={client}
          {...page.props}
          onBooked={(booking) => page.booked.push(booking)}
        />
      )}
    </>
  );
}

createRoot(document.body.appendChild(document.createElement("main"))).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
