import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { problemOf } from "../../api/problem-of.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useMay } from "../../session/use-may.ts";
import { Exchange } from "../deliveries/exchange.tsx";

const words = outbound.destination;

/** Shows the exact request that a booking's newest event would be sent in. */
export function RequestPreview({ id }: { id: string }) {
  const may = useMay()("bookings:read");
  const [bookingId, setBookingId] = useState("");
  const bookings = useQuery({
    queryKey: ["bookings", "some"],
    queryFn: () => hub.bookings.list({ limit: 20 }),
    enabled: may,
  });
  const preview = useMutation({
    mutationFn: () =>
      hub.destinations.preview(id, bookingId === "" ? {} : { booking_id: bookingId }),
  });
  const isOfNothing =
    preview.error !== null &&
    problemOf(preview.error).status === 404 &&
    (bookings.data?.data.length ?? 0) === 0;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <FormField label={t.deliveries.booking}>
            {(ids) => (
              <select
                {...ids}
                className="field"
                value={bookingId}
                onChange={({ target }) => setBookingId(target.value)}
              >
                <option value="">{words.previewNewest}</option>
                {bookings.data?.data.map((booking) => (
                  <option key={booking.id} value={booking.id}>
                    {t.booking.number(booking.booking_number)} {booking.title}
                  </option>
                ))}
              </select>
            )}
          </FormField>
        </div>
        <Button
          className="h-10"
          icon="eye"
          disabled={preview.isPending}
          onClick={() => preview.mutate()}
        >
          {words.previewShow}
        </Button>
      </div>
      {isOfNothing && <output className="block text-sm text-muted">{words.previewNone}</output>}
      {preview.error && !isOfNothing && <ProblemPanel error={preview.error} />}
      {preview.data?.skip_reason != null && (
        <p className="rounded-lg bg-quiet-soft px-3 py-2 text-sm">
          <span className="font-medium">{words.previewSkip}</span> {preview.data.skip_reason}
        </p>
      )}
      {preview.data?.address_refusal != null && (
        <p className="rounded-lg bg-bad-soft px-3 py-2 text-sm">
          <span className="font-medium text-bad">{words.previewRefused}</span>{" "}
          {preview.data.address_refusal} {outbound.errors["address_refused"]?.todo}
        </p>
      )}
      {preview.data?.request && (
        <Exchange
          title={outbound.attempt.request}
          headers={preview.data.request.headers}
          body={preview.data.request.body}
          isOpen
        />
      )}
    </div>
  );
}
