import type { BookingResource, CustomerResource } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useRef, useState } from "react";
import { customerSearchQuery } from "../../api/queries.ts";
import { customers } from "../../messages/customers.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { subjectName } from "../../parts/subject-lines.tsx";
import { useMay } from "../../session/use-may.ts";
import { NewCustomerForm } from "./new-customer-form.tsx";
import { type LinkWish, useLink, useUnlink } from "./use-links.ts";

interface LinkDialogProps {
  booking: BookingResource;
  onClose: () => void;
  onLinked?: (booking: BookingResource) => void;
}

const text = customers.dialog;

/** Whose a booking is: somebody who is searched for, or somebody new. */
export function LinkDialog({ booking, onClose, onLinked }: LinkDialogProps) {
  const [chosen, setChosen] = useState<CustomerResource | null>(null);
  const link = useLink((linked) => {
    onLinked?.(linked);
    onClose();
  });
  const unlink = useUnlink(onClose);
  const choose = (customer: CustomerResource): void => {
    if (customer.subjects.length > 0) setChosen(customer);
    else link.mutate({ booking, link: { customer_id: customer.id } });
  };
  const send = (wish: LinkWish["link"]): void => link.mutate({ booking, link: wish });
  const isBusy = link.isPending || unlink.isPending;
  return (
    <Dialog title={text.title(t.booking.number(booking.booking_number))} onClose={onClose}>
      <div className="space-y-5">
        {chosen === null ? (
          <CustomerSearch isBusy={isBusy} onChoose={choose} />
        ) : (
          <SubjectChoice
            customer={chosen}
            isBusy={isBusy}
            onChoose={(subjectIds) =>
              send({ customer_id: chosen.id, subject_ids: [...subjectIds] })
            }
          />
        )}
        {chosen === null && (
          <NewCustomerForm
            booking={booking}
            error={link.error}
            isBusy={isBusy}
            onCreate={(customer) => send({ customer })}
          />
        )}
        {link.error && <ProblemPanel error={link.error} />}
        {unlink.error && <ProblemPanel error={unlink.error} />}
        {booking.customer !== null && chosen === null && (
          <Button
            weight="danger"
            icon="cross"
            disabled={isBusy}
            onClick={() => unlink.mutate(booking.id)}
          >
            {text.unlink}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

interface CustomerSearchProps {
  isBusy: boolean;
  onChoose: (customer: CustomerResource) => void;
}

function CustomerSearch({ isBusy, onChoose }: CustomerSearchProps) {
  // Who is not shown contact data cannot search by it either.
  const hint = useMay()("contacts:read") ? text.searchHint : text.searchHintByName;
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const query = useQuery({ ...customerSearchQuery(q), enabled: q.length > 0 });
  const found = q.length > 0 ? query.data?.data : undefined;
  return (
    <div>
      <FormField label={text.search} hint={hint}>
        {(ids) => (
          <input
            {...ids}
            type="search"
            className="field"
            autoComplete="off"
            maxLength={200}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
      </FormField>
      {query.error && <ProblemPanel error={query.error} />}
      <output className="block text-sm text-muted">
        {found?.length === 0 && <span className="mt-2 block">{text.nobody}</span>}
      </output>
      {found && found.length > 0 && (
        <ul
          aria-label={text.results}
          className="mt-2 divide-y divide-line overflow-hidden rounded-lg border border-line"
        >
          {found.map((customer) => (
            <li key={customer.id}>
              <button
                type="button"
                aria-disabled={isBusy || undefined}
                className="block min-h-11 w-full px-3 py-2 text-left hover:bg-raised"
                onClick={() => {
                  if (!isBusy) onChoose(customer);
                }}
              >
                <span className="block font-medium wrap-anywhere">{customer.name}</span>
                <span className="block text-sm wrap-anywhere text-muted">
                  {[customer.email, customer.phone, ...customer.subjects.map(subjectName)]
                    .filter((part) => part !== null && part !== customer.name)
                    .join(" · ")}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface SubjectChoiceProps {
  customer: CustomerResource;
  isBusy: boolean;
  onChoose: (subjectIds: readonly string[]) => void;
}

function SubjectChoice({ customer, isBusy, onChoose }: SubjectChoiceProps) {
  const first = useRef<HTMLButtonElement>(null);
  // The button that led here is gone.
  useEffect(() => first.current?.focus(), []);
  return (
    <fieldset>
      <legend className="mb-2 font-medium">{text.whichSubject(customer.name)}</legend>
      <div className="flex flex-wrap gap-2">
        {customer.subjects.map((subject, position) => (
          <Button
            key={subject.id}
            weight="primary"
            ref={position === 0 ? first : null}
            disabled={isBusy}
            onClick={() => onChoose([subject.id])}
          >
            {subjectName(subject)}
          </Button>
        ))}
        <Button disabled={isBusy} onClick={() => onChoose([])}>
          {text.noSubject}
        </Button>
      </div>
    </fieldset>
  );
}
