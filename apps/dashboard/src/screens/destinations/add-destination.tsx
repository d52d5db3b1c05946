import type { NewDestination } from "@slotwire/client";
import type { CreateDestination, DestinationWithSecret } from "@slotwire/contract";
import { bookingEventTypes } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { problemOf } from "../../api/problem-of.ts";
import { destinationsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { destinationInForm } from "./destination-in-form.ts";

interface AddDestinationProps {
  onClose: () => void;
  onAdded: (destination: DestinationWithSecret) => void;
}

/** The form for a new destination. */
export function AddDestination({ onClose, onAdded }: AddDestinationProps) {
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: (destination: NewDestination) => hub.destinations.create(destination),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: destinationsQuery.queryKey });
      onAdded(made);
    },
  });
  const problem = add.error === null ? null : problemOf(add.error);
  const wrong = (field: string) =>
    problem?.errors?.find((error) => error.path.split(/[./]/).includes(field))?.message;
  return (
    <Dialog title={t.destinations.add} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(destinationInForm(new FormData(event.currentTarget)));
        }}
      >
        <FormField label={t.destinations.name} error={wrong("name")}>
          {(ids) => (
            <input
              {...ids}
              name="name"
              required
              maxLength={100}
              placeholder={t.destinations.namePlaceholder}
              className="field"
            />
          )}
        </FormField>
        <FormField label={t.destinations.url} hint={t.destinations.urlHint} error={wrong("url")}>
          {(ids) => (
            <input
              {...ids}
              name="url"
              type="url"
              required
              maxLength={2000}
              placeholder="https://hook.eu1.make.com/…"
              className="field"
            />
          )}
        </FormField>
        <Choices />
        <EventChoice />
        {add.error && <ProblemPanel error={add.error} />}
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={add.isPending}>
            {add.isPending ? t.destinations.saving : t.destinations.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Choices() {
  return (
    <div className="grid gap-4">
      <Choice name="profile" label={t.destinations.profile} options={t.destinations.profiles} />
      <Choice
        name="payload_mode"
        label={t.destinations.payload}
        options={t.destinations.payloads}
      />
      <Choice name="ordering" label={t.destinations.ordering} options={t.destinations.orderings} />
    </div>
  );
}

interface ChoiceProps {
  name: keyof CreateDestination;
  label: string;
  options: Readonly<Record<string, string>>;
}

function Choice({ name, label, options }: ChoiceProps) {
  return (
    <FormField label={label}>
      {(ids) => (
        <select {...ids} name={name} className="field">
          {Object.entries(options).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}

/** Alerts are told to whoever asks for them by name. */
const offeredEvents = [...bookingEventTypes, "alert.opened", "alert.resolved"] as const;

function EventChoice() {
  const [isEvery, setIsEvery] = useState(true);
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{t.destinations.events}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-1">
        {[true, false].map((every) => (
          <label key={String(every)} className="flex min-h-8 items-center gap-2">
            <input
              type="radio"
              name="event_choice"
              value={every ? "every" : "some"}
              checked={isEvery === every}
              onChange={() => setIsEvery(every)}
              className="size-4 accent-accent"
            />
            {every ? t.destinations.everyEvent : t.destinations.someEvents}
          </label>
        ))}
      </div>
      {!isEvery && (
        <div className="mt-2 grid gap-x-4 rounded-lg border border-line p-3 sm:grid-cols-2">
          {offeredEvents.map((type) => (
            <label key={type} className="flex min-h-8 items-center gap-2 text-sm">
              <input
                type="checkbox"
                name="event_types"
                value={type}
                className="size-4 accent-accent"
              />
              {t.deliveries.eventTypes[type]}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
