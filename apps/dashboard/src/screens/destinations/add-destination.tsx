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
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Choice } from "./choice.tsx";
import { EventChoice } from "./event-choice.tsx";
import { modeOptions } from "./modes.ts";
import { destinationInForm } from "./destination-in-form.ts";
import { useFocusOnWrong } from "./use-focus-on-wrong.ts";
import { type WrongFields, wrongAddress, wrongByHub, wrongEvents } from "./wrong-in-settings.ts";

const words = outbound.destination;

type Profile = CreateDestination["profile"];

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
  const [profile, setProfile] = useState<Profile>("standard");
  const [refused, setRefused] = useState<WrongFields>({});
  const byHub = wrongByHub(add.error, ["name", "url", "key", "event_types"]);
  const wrong: WrongFields = { ...refused, ...byHub };
  const form = useFocusOnWrong(wrong);
  return (
    <Dialog title={t.destinations.add} onClose={onClose}>
      <form
        ref={form}
        className="space-y-4"
        // What is wrong is told in our words, beside the field.
        noValidate
        onChange={() => {
          add.reset();
          setRefused({});
        }}
        onSubmit={(event) => {
          event.preventDefault();
          const filled = new FormData(event.currentTarget);
          const found = wrongWith(filled);
          setRefused(found);
          if (Object.keys(found).length === 0) add.mutate(destinationInForm(filled));
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
        <Choices profile={profile} onProfile={setProfile} wrongKey={wrong["key"]} />
        <EventChoice profile={profile} error={wrong["event_types"]} />
        {add.error && byHub === null && (
          <div ref={(problem) => problem?.scrollIntoView({ block: "center" })}>
            <ProblemPanel error={add.error} />
          </div>
        )}
        <DialogActions>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={add.isPending}>
            {add.isPending ? t.destinations.saving : t.destinations.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What the form can tell without asking. */
function wrongWith(form: FormData): WrongFields {
  const { name, url } = destinationInForm(form);
  const address = wrongAddress(url);
  const events = wrongEvents(form);
  return {
    ...(name === "" ? { name: words.wrong.name } : {}),
    ...(address === undefined ? {} : { url: address }),
    ...(events === undefined ? {} : { event_types: events }),
  };
}

interface ChoicesProps {
  profile: Profile;
  onProfile: (profile: Profile) => void;
  wrongKey: string | undefined;
}

function Choices({ profile, onProfile, wrongKey }: ChoicesProps) {
  const key = words.keys[profile];
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
            onChange={({ target }) => onProfile(target.value as Profile)}
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
