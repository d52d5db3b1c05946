import type { NewDestination } from "@slotwire/client";
import type { CreateDestination, DestinationWithSecret } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { problemOf } from "../../api/problem-of.ts";
import { destinationsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Choice } from "./choice.tsx";
import { EventChoice } from "./event-choice.tsx";
import { modeOptions } from "./modes.ts";
import { destinationInForm } from "./destination-in-form.ts";

const words = outbound.destination;

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
  const [profile, setProfile] = useState<CreateDestination["profile"]>("standard");
  return (
    <div className="grid gap-4">
      <FormField label={t.destinations.profile}>
        {(ids) => (
          <select
            {...ids}
            name="profile"
            className="field"
            value={profile}
            onChange={({ target }) => setProfile(target.value as CreateDestination["profile"])}
          >
            {Object.entries(words.profiles).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      <Choice
        key={profile}
        name="payload_mode"
        label={t.destinations.payload}
        options={modeOptions(profile)}
      />
      <Choice name="ordering" label={t.destinations.ordering} options={t.destinations.orderings} />
    </div>
  );
}
