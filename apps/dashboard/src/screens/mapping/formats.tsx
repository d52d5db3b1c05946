import type { Mapping } from "@slotwire/contract";
import { mappingWords } from "../../messages/mapping.ts";
import { FormField } from "../../parts/form-field.tsx";

interface FormatsProps {
  draft: Mapping;
  onChange: (mapping: Mapping) => void;
}

/** How the source writes times, durations and prices: asked where it has some. */
export function Formats({ draft, onChange }: FormatsProps) {
  const words = mappingWords.formats;
  const { fields } = draft;
  return (
    <div className="grid gap-4 sm:grid-cols-[repeat(auto-fit,minmax(15rem,1fr))]">
      <Choice
        label={words.time}
        names={words.times}
        value={draft.time_format}
        onChange={(time_format) => onChange({ ...draft, time_format })}
      />
      {fields.duration !== undefined && (
        <Choice
          label={words.duration}
          names={words.durations}
          value={draft.duration_unit}
          onChange={(duration_unit) => onChange({ ...draft, duration_unit })}
        />
      )}
      {fields.price !== undefined && (
        <Choice
          label={words.price}
          names={words.prices}
          value={draft.price_unit}
          onChange={(price_unit) => onChange({ ...draft, price_unit })}
        />
      )}
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  names: Readonly<Record<Value, string>>;
  value: Value;
  onChange: (value: Value) => void;
}

function Choice<Value extends string>({ label, names, value, onChange }: ChoiceProps<Value>) {
  return (
    <FormField label={label}>
      {(ids) => (
        <select
          {...ids}
          className="field"
          value={value}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {Object.entries<string>(names).map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}
