import type { BookingResource, LinkBooking } from "@slotwire/contract";
import { fieldError } from "../../api/field-error.ts";
import { customers } from "../../messages/customers.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { textIn } from "../../parts/text-in.ts";
import { useMay } from "../../session/use-may.ts";

type NewCustomer = Extract<LinkBooking, { customer: object }>["customer"];

interface NewCustomerFormProps {
  booking: BookingResource;
  error: unknown;
  isBusy: boolean;
  onCreate: (customer: NewCustomer) => void;
}

const text = customers.dialog;

/** Somebody new, filled with what the booking says of them. */
export function NewCustomerForm({ booking, error, isBusy, onCreate }: NewCustomerFormProps) {
  const person = booking.attendees.find(({ status }) => status !== "cancelled");
  // Who is not shown contact data may not write it either.
  const hasContacts = useMay()("contacts:read");
  const wrong = (field: string) => fieldError(error, field);
  return (
    <form
      className="space-y-3 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const given = (name: string): string => textIn(form, name).trim();
        const email = given("email");
        const phone = given("phone");
        onCreate({
          name: given("name"),
          ...(email === "" ? {} : { email }),
          ...(phone === "" ? {} : { phone }),
        });
      }}
    >
      <h3 className="font-medium">{text.createTitle}</h3>
      <FormField label={text.name} error={wrong("name")}>
        {(ids) => (
          <input
            {...ids}
            name="name"
            required
            maxLength={500}
            autoComplete="off"
            defaultValue={person?.name ?? ""}
            className="field"
          />
        )}
      </FormField>
      {hasContacts && (
        <div className="grid gap-3 sm:grid-cols-2">
          <FormField label={text.email} error={wrong("email")}>
            {(ids) => (
              <input
                {...ids}
                name="email"
                type="email"
                maxLength={320}
                autoComplete="off"
                defaultValue={person?.email ?? ""}
                className="field"
              />
            )}
          </FormField>
          <FormField label={text.phone} error={wrong("phone")}>
            {(ids) => (
              <input
                {...ids}
                name="phone"
                type="tel"
                maxLength={50}
                autoComplete="off"
                defaultValue={person?.phone ?? ""}
                className="field"
              />
            )}
          </FormField>
        </div>
      )}
      <div className="flex justify-end">
        <Button type="submit" disabled={isBusy}>
          {isBusy ? text.creating : text.create}
        </Button>
      </div>
    </form>
  );
}
