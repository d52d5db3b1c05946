import type { AuthMode, ConnectionKind, ConnectionResource } from "@slotwire/contract";
import { useId } from "react";
import { access } from "../../messages/access.ts";
import { ChoiceRow, framed } from "../../parts/choice-row.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { RangesField, rangesInForm } from "../keys/ranges-field.tsx";

/** What a form says of a connection's proof and limits. */
export interface ConnectionLimits {
  readonly allowed_ranges: string[] | null;
  readonly messages_per_minute: number;
}

type Wrong = (field: string) => string | undefined;

interface NameFieldProps {
  value: string;
  hint?: string;
  error: string | undefined;
}

/** What the connection is called. */
export function NameField({ value, error, ...hint }: NameFieldProps) {
  return (
    <FormField label={access.connections.name} error={error} {...hint}>
      {(ids) => (
        <input
          {...ids}
          name="name"
          required
          maxLength={100}
          defaultValue={value}
          autoComplete="off"
          className="field"
        />
      )}
    </FormField>
  );
}

interface ProofFieldsProps {
  kind: ConnectionKind;
  chosen: readonly AuthMode[];
  onChange: (modes: readonly AuthMode[]) => void;
  error: string | undefined;
}

/** The ways in which a source's messages may prove themselves, each with what it means. */
export function ProofFields({ kind, chosen, onChange, error }: ProofFieldsProps) {
  const id = useId();
  const toggle = (mode: AuthMode) =>
    onChange(kind.auth_modes.filter((one) => (one === mode) !== chosen.includes(one)));
  return (
    <fieldset aria-describedby={`${id}-note`}>
      <legend className="mb-1.5 text-sm font-medium">{access.connections.proof}</legend>
      <div className="divide-y divide-line overflow-hidden rounded-lg border border-line">
        {kind.auth_modes.map((mode) => (
          <ChoiceRow
            key={mode}
            type="checkbox"
            checked={chosen.includes(mode)}
            onChange={() => toggle(mode)}
            title={access.connections.modes[mode]}
            text={access.connections.modeTexts[mode]}
            className={framed}
          />
        ))}
      </div>
      <p id={`${id}-note`} className={`mt-1 text-xs ${error ? "text-bad" : "text-muted"}`}>
        {error ?? access.connections.proofHint}
      </p>
    </fieldset>
  );
}

interface LimitFieldsProps {
  value: Pick<ConnectionResource, "allowed_ranges" | "messages_per_minute">;
  wrong: Wrong;
}

/** From where messages may come, and how many. */
export function LimitFields({ value, wrong }: LimitFieldsProps) {
  return (
    <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_10rem]">
      <RangesField value={value.allowed_ranges} error={wrong("allowed_ranges")} />
      <FormField label={access.connections.limit} error={wrong("messages_per_minute")}>
        {(ids) => (
          <input
            {...ids}
            name="messages_per_minute"
            type="number"
            required
            min={1}
            max={1_000_000}
            defaultValue={value.messages_per_minute}
            className="field"
          />
        )}
      </FormField>
    </div>
  );
}

/** What the fields of `LimitFields` say. */
export function limitsInForm(form: FormData): ConnectionLimits {
  return {
    allowed_ranges: rangesInForm(form),
    messages_per_minute: Number(form.get("messages_per_minute")),
  };
}
