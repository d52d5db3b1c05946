import type { CommandKind } from "@slotwire/contract";
import type { ChangedBooking } from "@slotwire/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";

/** What somebody wants of a booking. Times are RFC 3339, and only of a move. */
export interface WantedChange {
  readonly kind: CommandKind;
  readonly reason: string | null;
  readonly starts_at?: string | null;
  readonly ends_at?: string | null;
  /** Of a no-show: false takes the mark away. */
  readonly absent?: boolean | null;
}

/** Changes a booking, or has its source asked; what is shown of it is read again. */
export function useChange(bookingId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: WantedChange) => change(bookingId, wanted),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["commands"] }),
        queries.invalidateQueries({ queryKey: ["bookings"] }),
      ]),
  });
}

function change(id: string, { kind, reason, ...times }: WantedChange): Promise<ChangedBooking> {
  const because = reason === null || reason.trim() === "" ? {} : { reason: reason.trim() };
  switch (kind) {
    case "cancel":
      return hub.bookings.cancel(id, because);
    case "confirm":
      return hub.bookings.setStatus(id, { status: "confirmed", ...because });
    case "reject":
      return hub.bookings.setStatus(id, { status: "rejected", ...because });
    case "no_show":
      return hub.bookings.setStatus(id, {
        status: times.absent === false ? "confirmed" : "no_show",
        ...because,
      });
    case "reschedule": {
      const { starts_at: start = null, ends_at: end = null } = times;
      return hub.bookings.reschedule(id, {
        starts_at: start ?? "",
        ends_at: end ?? "",
        ...because,
      });
    }
  }
}
