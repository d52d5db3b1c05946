import {
  type BookingStatus,
  bookingStatuses,
  type MappedEvent,
  mappedEvents,
  type Mapping,
} from "@slotwire/contract";
import { useState, type ReactNode } from "react";
import { mappingWords } from "../../messages/mapping.ts";
import { FormField } from "../../parts/form-field.tsx";
import { AddName } from "./add-name.tsx";
import { wordsAt } from "./draft.ts";
import type { EditProps } from "./edit-props.ts";

/** What the source's words for events and states mean. */
export function Words({ draft, onChange, samples }: EditProps) {
  const words = mappingWords.words;
  return (
    <>
      {draft.fields.event !== undefined && (
        <WordTable<MappedEvent>
          title={words.events}
          known={wordsAt(samples, draft.fields.event)}
          meanings={draft.events}
          options={mappedEvents}
          names={words.eventMeanings}
          onChange={(events) => onChange({ ...draft, events })}
        >
          <OtherEvents draft={draft} onChange={onChange} />
        </WordTable>
      )}
      {draft.fields.status !== undefined && (
        <WordTable<BookingStatus>
          title={words.statuses}
          known={wordsAt(samples, draft.fields.status)}
          meanings={draft.statuses}
          options={bookingStatuses}
          names={words.statusMeanings}
          onChange={(statuses) => onChange({ ...draft, statuses })}
        />
      )}
    </>
  );
}

interface OtherEventsProps {
  draft: Mapping;
  onChange: (mapping: Mapping) => void;
}

function OtherEvents({ draft, onChange }: OtherEventsProps) {
  const words = mappingWords.words;
  return (
    <FormField label={words.other}>
      {(ids) => (
        <select
          {...ids}
          className="field"
          value={draft.other_events}
          onChange={(event) =>
            onChange({ ...draft, other_events: event.target.value as Mapping["other_events"] })
          }
        >
          <option value="wait">{words.others.wait}</option>
          <option value="ignore">{words.others.ignore}</option>
        </select>
      )}
    </FormField>
  );
}

interface WordTableProps<Meaning extends string> {
  title: string;
  /** Words that the samples use. */
  known: readonly string[];
  meanings: Readonly<Record<string, Meaning>>;
  options: readonly Meaning[];
  names: Readonly<Record<Meaning, string>>;
  onChange: (meanings: Record<string, Meaning>) => void;
  children?: ReactNode;
}

function WordTable<Meaning extends string>(props: WordTableProps<Meaning>) {
  const { title, known, meanings, options, names, onChange, children } = props;
  const [extra, setExtra] = useState<readonly string[]>([]);
  const all = [...new Set([...known, ...Object.keys(meanings), ...extra])];
  const say = (word: string, meaning: string) => {
    const rest = Object.entries(meanings).filter(([key]) => key !== word);
    const said = options.find((one) => one === meaning);
    onChange(Object.fromEntries(said === undefined ? rest : [...rest, [word, said]]));
  };
  return (
    <div>
      <h3 className="eyebrow mb-1.5">{title}</h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {all.map((word) => (
          <li key={word} className="grid items-center gap-x-3 gap-y-1 px-3 py-2 sm:grid-cols-2">
            <span className="min-w-0 font-mono text-sm wrap-anywhere">{word}</span>
            <select
              className="field"
              aria-label={mappingWords.words.meaningOf(word)}
              value={meanings[word] ?? ""}
              onChange={(event) => say(word, event.target.value)}
            >
              <option value="">{mappingWords.words.none}</option>
              {options.map((one) => (
                <option key={one} value={one}>
                  {names[one]}
                </option>
              ))}
            </select>
          </li>
        ))}
        <li>
          <AddName
            label={mappingWords.words.adding}
            action={mappingWords.words.add}
            onAdd={(word) => setExtra([...extra, word])}
          />
        </li>
      </ul>
      {children && <div className="mt-3 max-w-sm">{children}</div>}
    </div>
  );
}
