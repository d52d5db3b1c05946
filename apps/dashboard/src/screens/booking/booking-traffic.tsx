import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { deliveriesQuery, messagesQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { DeliveryRow } from "../deliveries/delivery-row.tsx";
import { MessageRow } from "../inbox/message-row.tsx";
import { useMay } from "../../session/use-may.ts";

/** What came in and what went out about one booking, for whoever may see that. */
export function BookingTraffic({ bookingId }: { bookingId: string }) {
  const may = useMay();
  return (
    <>
      {may("inbox:read") && <CameIn bookingId={bookingId} />}
      {may("deliveries:read") && <WentOut bookingId={bookingId} />}
    </>
  );
}

function CameIn({ bookingId }: { bookingId: string }) {
  const messages = useInfiniteQuery(messagesQuery({ booking_id: bookingId }));
  const cameIn = messages.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section aria-labelledby="came-in">
      <h2 id="came-in" className="mb-2 px-1 font-semibold">
        {t.details.messages}
      </h2>
      {messages.error && <ProblemPanel error={messages.error} />}
      <ul className="panel @container divide-y divide-line overflow-hidden">
        {cameIn.map((message) => (
          <MessageRow key={message.id} message={message} isOpen={false} />
        ))}
        {messages.isSuccess && cameIn.length === 0 && <None text={t.details.messagesEmpty} />}
      </ul>
    </section>
  );
}

function WentOut({ bookingId }: { bookingId: string }) {
  const deliveries = useInfiniteQuery(deliveriesQuery({ booking_id: bookingId }));
  const wentOut = deliveries.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <section aria-labelledby="went-out">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 px-1">
        <h2 id="went-out" className="font-semibold">
          {t.details.deliveries}
        </h2>
        {wentOut.length > 0 && (
          <Link
            to="/deliveries"
            search={{ booking: bookingId }}
            className="text-sm font-medium text-accent hover:underline"
          >
            {t.details.deliveriesAll}
          </Link>
        )}
      </div>
      {deliveries.error && <ProblemPanel error={deliveries.error} />}
      <ul className="panel @container divide-y divide-line overflow-hidden">
        {wentOut.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} isOpen={false} />
        ))}
        {deliveries.isSuccess && wentOut.length === 0 && <None text={t.details.deliveriesEmpty} />}
      </ul>
    </section>
  );
}

function None({ text }: { text: string }) {
  return <li className="px-4 py-3 text-sm text-muted">{text}</li>;
}
