"use client";

import { type ComponentProps, type ReactElement, useId } from "react";

/** A field with its label above and what it is for below. */
export function Field({
  label,
  hint,
  rows,
  onValue,
  ...field
}: Omit<ComponentProps<"input">, "onChange"> & {
  readonly label: string;
  readonly hint?: string;
  /** Of a field of several lines. */
  readonly rows?: number;
  readonly onValue: (value: string) => void;
}): ReactElement {
  const id = useId();
  const Tag = (rows === undefined ? "input" : "textarea") as "input";
  return (
    <div className="sw-stack">
      <label htmlFor={id} className="sw-strong">
        {label}
      </label>
      <Tag
        id={id}
        className="sw-field"
        {...field}
        {...(rows === undefined ? {} : { rows })}
        aria-describedby={hint === undefined ? undefined : `${id}hint`}
        onChange={(event) => onValue(event.target.value)}
      />
      {hint !== undefined && (
        <p id={`${id}hint`} className="sw-muted">
          {hint}
        </p>
      )}
    </div>
  );
}
