import type { DestinationResource } from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { hub } from "../../api/hub.ts";
import { connectionsQuery } from "../../api/queries.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useMay } from "../../session/use-may.ts";
import { Choice } from "./choice.tsx";
import { EventChoice } from "./event-choice.tsx";
import { abilities, modeOptions } from "./modes.ts";
import { Lines, Text, Wrong } from "./settings-field.tsx";
import { fieldsOf, settingsInForm } from "./settings-in-form.ts";
import { useFocusOnWrong } from "./use-focus-on-wrong.ts";
import { type WrongFields, wordsOf, wrongByHub, wrongInSettings } from "./wrong-in-settings.ts";

const words = outbound.destination;

/** All that can be set of a destination. */
export function SettingsForm({ destination }: { destination: DestinationResource }) {
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (form: FormData) => hub.destinations.update(destination.id, settingsInForm(form)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["destinations"] }),
  });
  const [refused, setRefused] = useState<Refused>({ wrong: {}, fields: [] });
  const byHub = wrongByHub(save.error, refused.fields);
  const wrong = { ...refused.wrong, ...byHub };
  const isMarked = Object.keys(wrong).length > 0;
  const form = useFocusOnWrong(wrong);
  return (
    <Wrong value={wrong}>
      <form
        ref={form}
        className="space-y-6"
        // What is wrong is told in our words, beside the field.
        noValidate
        onChange={() => {
          save.reset();
          setRefused({ wrong: {}, fields: [] });
        }}
        onSubmit={(event) => {
          event.preventDefault();
          const filled = new FormData(event.currentTarget);
          const found = { ...wrongInSettings(filled), ...unreadableIn(event.currentTarget) };
          setRefused({ wrong: found, fields: [...filled.keys(), "event_types"] });
          if (Object.keys(found).length === 0) save.mutate(filled);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Text name="name" label={t.destinations.name} value={destination.name} isRequired />
          <Text
            name="url"
            type="url"
            label={t.destinations.url}
            value={destination.url}
            isRequired
          />
          <Choice
            name="payload_mode"
            label={`${t.destinations.payload} · ${words.profiles[destination.profile]}`}
            options={modeOptions(destination.profile)}
            value={destination.payload_mode}
          />
          <KeyField destination={destination} />
        </div>
        <EventChoice
          profile={destination.profile}
          chosen={destination.event_types}
          error={wrong["event_types"]}
        />
        <Group title={words.filter}>
          <FilterFields destination={destination} />
        </Group>
        <Group title={words.sending}>
          <SendingFields destination={destination} />
        </Group>
        {save.error && byHub === null && <ProblemPanel error={save.error} />}
        {isMarked && (
          <p role="alert" className="text-sm text-bad">
            {words.wrong.some}
          </p>
        )}
        <div className="flex items-center gap-3">
          <Button type="submit" weight="primary" disabled={save.isPending}>
            {save.isPending ? words.saving : words.save}
          </Button>
          <output className="text-sm text-ok">{save.isSuccess ? words.saved : ""}</output>
        </div>
      </form>
    </Wrong>
  );
}

/** Numbers that are none: a browser hands them over as if nothing were entered. */
function unreadableIn(form: HTMLFormElement): WrongFields {
  const inputs = [...form.elements].filter((one) => one instanceof HTMLInputElement);
  const unreadable = inputs.filter(({ validity }) => validity.badInput);
  return Object.fromEntries(
    unreadable.map(({ name }) => [name, wordsOf(name) ?? words.wrong.some]),
  );
}

interface Refused {
  readonly wrong: WrongFields;
  /** Names of the fields that were filled when it was sent. */
  readonly fields: readonly string[];
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="border-t border-line pt-4">
      <legend className="float-left mb-3 w-full font-medium">{title}</legend>
      <div className="clear-both grid gap-4 sm:grid-cols-2">{children}</div>
    </fieldset>
  );
}

function KeyField({ destination }: { destination: DestinationResource }) {
  const { has_key: hasKey, profile } = destination;
  const label = words.keys[profile];
  if (label === null && !hasKey) return null;
  return (
    <div>
      <Text
        name="key"
        type="password"
        label={label ?? words.key}
        value=""
        hint={hasKey ? words.keyKept : words.keyNone}
      />
      {hasKey && (
        <label className="mt-1 flex min-h-8 items-center gap-2 text-sm">
          <input type="checkbox" name="remove_key" className="check" />
          {words.keyRemove}
        </label>
      )}
    </div>
  );
}

function FilterFields({ destination: { filter } }: { destination: DestinationResource }) {
  const fields = fieldsOf(filter);
  const [transitions, setTransitions] = useState(fields.transitions);
  return (
    <>
      <FormField label={words.transitions}>
        {(ids) => (
          <select
            {...ids}
            name="transitions"
            className="field"
            value={transitions}
            onChange={({ target }) => setTransitions(target.value)}
          >
            {Object.entries(words.transitionChoices).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      {transitions === "custom" && (
        <Lines
          name="pairs"
          label={words.transitionChoices.custom}
          value={fields.pairs}
          hint={words.pairsHint}
        />
      )}
      <Lines
        name="services"
        label={words.services}
        value={fields.services}
        hint={words.servicesHint}
      />
      <Lines
        name="providers"
        label={words.providers}
        value={fields.providers}
        hint={words.providersHint}
      />
      <Lines
        name="metadata"
        label={words.metadata}
        value={fields.metadata}
        hint={words.metadataHint}
      />
      <Sources chosen={filter?.connection_ids ?? []} />
    </>
  );
}

function Sources({ chosen }: { chosen: readonly string[] }) {
  const may = useMay()("connections:read");
  const query = useQuery({ ...connectionsQuery, enabled: may });
  const known = query.data?.data ?? [];
  // What cannot be named is kept as it is.
  const unknown = chosen.filter((id) => !known.some((one) => one.id === id));
  return (
    <fieldset>
      {known.length > 0 && <legend className="mb-1 text-sm font-medium">{words.sources}</legend>}
      {unknown.map((id) => (
        <input key={id} type="hidden" name="connection_ids" value={id} />
      ))}
      {known.map(({ id, name }) => (
        <label key={id} className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            name="connection_ids"
            value={id}
            defaultChecked={chosen.includes(id)}
            className="check"
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function SendingFields({ destination }: { destination: DestinationResource }) {
  const { retry_schedule: schedule } = destination;
  const [retries, setRetries] = useState(typeof schedule === "string" ? schedule : "custom");
  return (
    <>
      <Choice
        name="ordering"
        label={t.destinations.ordering}
        options={t.destinations.orderings}
        value={destination.ordering}
      />
      <FormField label={words.retries}>
        {(ids) => (
          <select
            {...ids}
            name="retries"
            className="field"
            value={retries}
            onChange={({ target }) => setRetries(target.value)}
          >
            {Object.entries(words.retryChoices).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        )}
      </FormField>
      {retries === "custom" && (
        <Text
          name="waits"
          label={words.waits}
          value={typeof schedule === "string" ? "0, 5, 300" : schedule.join(", ")}
          hint={words.waitsHint}
        />
      )}
      <Text
        name="rate"
        type="number"
        step="any"
        label={words.rate}
        value={destination.rate_per_second}
        hint={words.rateHint}
      />
      <Text
        name="concurrency"
        type="number"
        label={words.concurrency}
        value={destination.concurrency}
        hint={words.concurrencyHint}
      />
      {abilities[destination.profile].batches && (
        <Text name="batch" type="number" label={words.batch} value={destination.batch_size} />
      )}
      <Text
        name="patience"
        type="number"
        label={words.patience}
        value={destination.patience_hours}
        hint={words.patienceHint}
      />
    </>
  );
}
