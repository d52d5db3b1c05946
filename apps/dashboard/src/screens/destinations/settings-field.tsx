import { createContext, useContext } from "react";
import { FormField } from "../../parts/form-field.tsx";
import type { WrongFields } from "./wrong-in-settings.ts";

/** What is wrong with the form's fields, beside which it is told. */
export const Wrong = createContext<WrongFields>({});

interface TextProps {
  name: string;
  label: string;
  value: string | number | null;
  type?: "text" | "url" | "number" | "password";
  hint?: string;
  isRequired?: boolean;
  step?: string;
}

/** A field of one line. */
export function Text(props: TextProps) {
  const { name, label, value, type = "text", hint, isRequired = false, step } = props;
  const error = useContext(Wrong)[name];
  return (
    <FormField label={label} hint={hint} error={error}>
      {(ids) => (
        <input
          {...ids}
          name={name}
          type={type}
          step={step}
          required={isRequired}
          defaultValue={value ?? ""}
          autoComplete="off"
          className="field"
        />
      )}
    </FormField>
  );
}

/** A field that takes one thing a line. */
export function Lines({ name, label, value, hint }: TextProps) {
  const error = useContext(Wrong)[name];
  return (
    <FormField label={label} hint={hint} error={error}>
      {(ids) => (
        <textarea
          {...ids}
          name={name}
          rows={2}
          defaultValue={value ?? ""}
          className="field field-sizing-content font-mono text-[0.8125rem]"
        />
      )}
    </FormField>
  );
}
