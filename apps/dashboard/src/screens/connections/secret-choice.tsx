import type { ConnectionKind } from "@slotwire/contract";
import { useState } from "react";
import { access } from "../../messages/access.ts";
import { FormField } from "../../parts/form-field.tsx";
import { RadioCards } from "../../parts/radio-cards.tsx";

interface SecretChoiceProps {
  kind: Pick<ConnectionKind, "secret_from_source" | "secret_is_api_key">;
  error: string | undefined;
  /** The source already knows the address, so that it has made its secret. */
  isLater?: boolean;
}

/** Whether the hub makes the secret, or the source has made one. */
export function SecretChoice({ kind, error, isLater = false }: SecretChoiceProps) {
  const [choice, setChoice] = useState<"generate" | "paste">("generate");
  const words = access.connections;
  if (kind.secret_is_api_key) {
    return (
      <PasteField label={words.apiKeySigns} hint={words.apiKeySignsHint} error={error} isRequired />
    );
  }
  if (kind.secret_from_source) {
    const hint = isLater ? words.sourceSecretHint : words.sourceSecretLater;
    return <PasteField label={words.pasteField} hint={hint} error={error} isRequired={isLater} />;
  }
  return (
    <div className="space-y-3">
      <RadioCards
        legend={words.secretChoice}
        name="secret_choice"
        value={choice}
        words={{ generate: words.generate, paste: words.paste }}
        onChange={setChoice}
      />
      {choice === "paste" && <PasteField label={words.pasteField} error={error} isRequired />}
    </div>
  );
}

interface PasteFieldProps {
  label: string;
  hint?: string;
  error: string | undefined;
  isRequired: boolean;
}

function PasteField({ label, hint, error, isRequired }: PasteFieldProps) {
  return (
    <FormField label={label} hint={hint} error={error}>
      {(ids) => (
        <input
          {...ids}
          name="secret"
          required={isRequired}
          minLength={8}
          maxLength={500}
          autoComplete="off"
          spellCheck={false}
          className="field font-mono text-[0.8125rem]"
        />
      )}
    </FormField>
  );
}

/** The pasted secret; undefined leaves it to the hub. */
export function secretInForm(form: FormData): string | undefined {
  const secret = form.get("secret");
  return typeof secret === "string" && secret.trim() !== "" ? secret.trim() : undefined;
}
