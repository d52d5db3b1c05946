import { FormField } from "./form-field.tsx";

interface SelectFieldProps<Value extends string> {
  label: string;
  /** Each value with its name, in their order. */
  options: readonly (readonly [value: Value, name: string])[];
  value: Value;
  onChange: (value: Value) => void;
  /** Lower, as beside other things that narrow a list. */
  isSmall?: boolean;
}

/** One of several values, which the screen keeps. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { label, options, value, onChange, isSmall = false } = props;
  return (
    <FormField label={label}>
      {(ids) => (
        <select
          {...ids}
          className={`field truncate ${isSmall ? "min-h-9 text-sm" : ""}`}
          value={value}
          onChange={(event) => onChange(event.target.value as Value)}
        >
          {options.map(([one, name]) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}
