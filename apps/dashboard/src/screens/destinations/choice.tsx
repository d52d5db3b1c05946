import { FormField } from "../../parts/form-field.tsx";

interface ChoiceProps {
  name: string;
  label: string;
  options: Readonly<Record<string, string>>;
  value?: string;
}

/** A select of a form. */
export function Choice({ name, label, options, value }: ChoiceProps) {
  return (
    <FormField label={label}>
      {(ids) => (
        <select {...ids} name={name} defaultValue={value} className="field">
          {Object.entries(options).map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}
