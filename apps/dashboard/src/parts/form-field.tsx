import { useId, type ReactNode } from "react";

/** What ties a control to its label, its hint and what is wrong with it. */
export interface ControlIds {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FormFieldProps {
  label: string;
  hint?: string | undefined;
  /** What is wrong with the value. */
  error?: string | undefined;
  /** Makes the control with the ids that tie it to its texts. */
  children: (ids: ControlIds) => ReactNode;
}

/** A labelled control of a form with its hint and what is wrong with it. */
export function FormField({ label, hint, error, children }: FormFieldProps) {
  const id = useId();
  const isDescribed = hint !== undefined || error !== undefined;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": isDescribed ? `${id}-note` : undefined,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {isDescribed && (
        <p id={`${id}-note`} className={`mt-1 text-xs ${error ? "text-bad" : "text-muted"}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
