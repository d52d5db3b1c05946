import type { BookingResource, LinkBooking, UnlinkedBooking } from "@slotwire/contract";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { customers } from "../../messages/customers.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { subjectName } from "../../parts/subject-lines.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatDateTime } from "../../time/format-time.ts";
import { who } from "../today/who.ts";
import type { Done } from "./done.ts";
import { LinkDialog } from "./link-dialog.tsx";
import { useDismiss, useLink } from "./use-links.ts";

interface UnlinkedRowProps {
  row: UnlinkedBooking;
  onDone: (done: Done) => void;
}

/** One booking, and by one click whose it is. */
export function UnlinkedRow({ row, onDone }: UnlinkedRowProps) {
  const { booking, missing } = row;
  const number = t.booking.number(booking.booking_number);
  const bookingId = booking.id;
  const [isOpen, setIsOpen] = useState(false);
  const tellLinked = ({ customer }: BookingResource): void =>
    onDone({
      kind: "linked",
      bookingId,
      text: customers.unlinked.linked(number, customer?.name ?? ""),
    });
  const link = useLink(tellLinked);
  const dismiss = useDismiss(() =>
    onDone({ kind: "dismissed", bookingId, text: customers.unlinked.dismissed(number) }),
  );
  const isBusy = link.isPending || dismiss.isPending;
  return (
    <li className="grid gap-x-6 gap-y-3 px-4 py-3.5 md:grid-cols-[minmax(0,1fr)_minmax(0,1.25fr)]">
      <About booking={booking} missing={missing} />
      <div className="flex min-w-0 flex-wrap items-center gap-2 md:justify-end">
        {choicesOf(row).map((choice) => (
          <Button
            key={choice.key}
            weight="primary"
            icon="link"
            className="max-w-full"
            disabled={isBusy}
            onClick={() => link.mutate({ booking, link: choice.link })}
          >
            <span className="sr-only">{customers.unlinked.linkTo}</span>
            <span className="truncate">{choice.name}</span>
            {choice.because !== null && (
              <span className="text-xs font-normal max-sm:hidden">{choice.because}</span>
            )}
          </Button>
        ))}
        <Button
          disabled={isBusy}
          aria-label={customers.unlinked.otherLabel(number)}
          onClick={() => setIsOpen(true)}
        >
          {customers.unlinked.other}
        </Button>
        <Button
          weight="ghost"
          disabled={isBusy}
          aria-label={customers.unlinked.dismissLabel(number)}
          onClick={() => dismiss.mutate(bookingId)}
        >
          {customers.unlinked.dismiss}
        </Button>
      </div>
      {(link.error ?? dismiss.error) && (
        <div className="md:col-span-2">
          <ProblemPanel error={link.error ?? dismiss.error} />
        </div>
      )}
      {isOpen && (
        <LinkDialog booking={booking} onClose={() => setIsOpen(false)} onLinked={tellLinked} />
      )}
    </li>
  );
}

function About({ booking, missing }: Pick<UnlinkedBooking, "booking" | "missing">) {
  const zone = useZone();
  const { name, about } = who(booking);
  const contacts = booking.attendees.flatMap(({ email, phone }) => [email, phone]);
  const contact = contacts.find((one) => one !== null && one !== name);
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          to="/bookings/$bookingId"
          params={{ bookingId: booking.id }}
          className="min-w-0 font-semibold wrap-anywhere hover:underline"
        >
          {name}
        </Link>
        <span className="text-sm text-muted">{t.booking.number(booking.booking_number)}</span>
        <Chip look={{ tone: "warn", icon: "question" }}>
          {missing === "customer" ? customers.unlinked.noCustomer : customers.unlinked.noSubject}
        </Chip>
      </p>
      <p className="text-sm wrap-anywhere text-muted">
        <time dateTime={booking.starts_at}>{formatDateTime(booking.starts_at, zone)}</time>
        {about !== null && ` · ${about}`}
        {contact !== undefined && ` · ${contact}`}
      </p>
    </div>
  );
}

interface Choice {
  readonly key: string;
  readonly name: string;
  readonly because: string | null;
  readonly link: LinkBooking;
}

/** A customer with several pets is a choice for each of them. */
function choicesOf({ suggestions }: UnlinkedBooking): Choice[] {
  return suggestions.flatMap(({ customer, because }): Choice[] => {
    const reason = because === "linked" ? null : customers.unlinked.because[because];
    const link = { customer_id: customer.id };
    if (customer.subjects.length === 0) {
      return [{ key: customer.id, name: customer.name, because: reason, link }];
    }
    return customer.subjects.map((subject) => ({
      key: `${customer.id} ${subject.id}`,
      name: customers.unlinked.forSubject(customer.name, subjectName(subject)),
      because: reason,
      link: { ...link, subject_ids: [subject.id] },
    }));
  });
}
