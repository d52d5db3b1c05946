import { useState } from "react";
import { access } from "../../messages/access.ts";
import { FormField } from "../../parts/form-field.tsx";
import { RadioCards } from "../../parts/radio-cards.tsx";

interface SecretChoiceProps {
  error: string | undefined;
}

/** Whether the hub makes the secret, or the source has made one. */
export function SecretChoice({ error }: SecretChoiceProps) {
  const [choice, setChoice] = useState<"generate" | "paste">("generate");
  return (
    <div className="space-y-3">
      <RadioCards
        legend={access.connections.secretChoice}
        name="secret_choice"
        value={choice}
        words={{ generate: access.connections.generate, paste: access.connections.paste }}
        onChange={setChoice}
      />
      {choice === "paste" && (
        <FormField label={access.connections.pasteField} error={error}>
          {(ids) => (
            <input
              {...ids}
              name="secret"
              required
              minLength={8}
              maxLength={500}
              autoComplete="off"
              spellCheck={false}
              className="field font-mono text-[0.8125rem]"
            />
          )}
        </FormField>
      )}
    </div>
  );
}

/** The pasted secret; undefined leaves it to the hub. */
export function secretInForm(form: FormData): string | undefined {
  const secret = form.get("secret");
  return typeof secret === "string" && secret.trim() !== "" ? secret.trim() : undefined;
}
