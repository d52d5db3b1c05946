import type { BookingResource } from "@slotwire/contract";
import { lazy, Suspense, useState } from "react";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { useMay } from "../../session/use-may.ts";

const LinkDialog = lazy(async () => ({
  default: (await import("../unlinked/link-dialog.tsx")).LinkDialog,
}));

/** Whose a booking is, and how to say it. */
export function BookingLink({ booking }: { booking: BookingResource }) {
  const may = useMay();
  const [isOpen, setIsOpen] = useState(false);
  const { customer } = booking;
  return (
    <div className="flex flex-wrap items-start justify-between gap-2">
      {customer === null ? (
        <span className="text-muted">{t.details.notLinked}</span>
      ) : (
        <span className="min-w-0">
          <span className="block font-medium">{customer.name}</span>
          {customer.email !== null && customer.email !== customer.name && (
            <span className="block text-muted">{customer.email}</span>
          )}
          {customer.phone !== null && <span className="block text-muted">{customer.phone}</span>}
        </span>
      )}
      {may("bookings:write") && booking.deleted_at === null && (
        <Button icon="link" onClick={() => setIsOpen(true)}>
          {customer === null ? t.details.link : t.details.changeLink}
        </Button>
      )}
      {isOpen && (
        <Suspense fallback={null}>
          <LinkDialog booking={booking} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
