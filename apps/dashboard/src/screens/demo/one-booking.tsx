import { BookingEventMonitor } from "@slotwire/react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { bookingQuery } from "../../api/queries.ts";
import { demo as words } from "../../messages/demo.ts";
import { Section } from "../../parts/section.tsx";

const text = words.oneBooking;

/** What became of one booking, from its first event on. */
export function OneBooking({ bookingId }: { bookingId: string | null }) {
  const place = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const { data: booking } = useQuery({
    ...bookingQuery(bookingId ?? ""),
    enabled: bookingId !== null,
  });
  const title = booking === undefined ? text.title : text.of(booking.booking_number, booking.title);
  useEffect(() => {
    if (bookingId !== null) place.current?.focus();
  }, [bookingId]);
  if (bookingId === null) {
    return (
      <Section title={text.title}>
        <p className="text-muted">{text.none}</p>
      </Section>
    );
  }
  return (
    <div ref={place} tabIndex={-1} className="outline-none">
      <BookingEventMonitor
        key={bookingId}
        bookingId={bookingId}
        toasts={false}
        readOut={false}
        exportFormats={[]}
        className="p-5 sm:p-6"
        labels={{ ofBooking: title }}
        onOpen={(id) => void navigate({ to: "/bookings/$bookingId", params: { bookingId: id } })}
      />
    </div>
  );
}
