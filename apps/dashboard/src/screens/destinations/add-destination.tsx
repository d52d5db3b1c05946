import type { NewDestination } from "@slotwire/client";
import type { CreateDestination, DestinationWithSecret } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
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
import { type WrongFields, wrongAddress, wrongByHub } from "./wrong-in-settings.ts";

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
  const [refused, setRefused] = useState<WrongFields>({});
  const byHub = wrongByHub(add.error, ["name", "url", "key"]);
  const wrong: WrongFields = { ...refused, ...byHub };
  return (
    <Dialog title={t.destinations.add} onClose={onClose}>
      <form
        className="space-y-4"
        // What is wrong is told in our words, beside the field.
        noValidate
        onChange={() => {
          add.reset();
          setRefused({});
        }}
        onSubmit={(event) => {
          event.preventDefault();
          const destination = destinationInForm(new FormData(event.currentTarget));
          const found = wrongWith(destination);
          setRefused(found);
          if (Object.keys(found).length === 0) add.mutate(destination);
        }}
      >
        <FormField label={t.destinations.name} error={wrong["name"]}>
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
        <FormField label={t.destinations.url} hint={t.destinations.urlHint} error={wrong["url"]}>
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
        <Choices wrongKey={wrong["key"]} />
        <EventChoice />
        {add.error && byHub === null && <ProblemPanel error={add.error} />}
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

/** What the form can tell without asking. */
function wrongWith({ name, url }: NewDestination): WrongFields {
  const address = wrongAddress(url);
  return {
    ...(name === "" ? { name: words.wrong.name } : {}),
    ...(address === undefined ? {} : { url: address }),
  };
}

function Choices({ wrongKey }: { wrongKey: string | undefined }) {
  const [profile, setProfile] = useState<CreateDestination["profile"]>("standard");
  const key = words.keys[profile ?? "standard"];
  return (
    <div className="grid gap-4">
      <FormField
        label={t.destinations.profile}
        hint={profile === "external_calendar" ? words.calendarFilter : undefined}
      >
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
      {key !== null && (
        <FormField key={`key ${profile}`} label={key} hint={words.keyOptional} error={wrongKey}>
          {(ids) => (
            <input
              {...ids}
              name="key"
              type="password"
              maxLength={2000}
              autoComplete="off"
              className="field"
            />
          )}
        </FormField>
      )}
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
