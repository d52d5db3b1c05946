import { useState } from "react";
import { FormField } from "./form-field.tsx";
import { Icon } from "./icon.tsx";
import { t } from "../messages/messages.ts";

interface PasswordFieldProps {
  label: string;
  name: string;
  /** What a password manager takes it for. */
  autoComplete: "current-password" | "new-password";
  hint?: string | undefined;
  error?: string | undefined;
  minLength?: number;
}

/** A password to type, which can be shown to check it. */
export function PasswordField(props: PasswordFieldProps) {
  const { label, name, autoComplete, hint, error, minLength } = props;
  const [isShown, setIsShown] = useState(false);
  return (
    <FormField label={label} hint={hint} error={error}>
      {(ids) => (
        <div className="relative">
          <input
            {...ids}
            name={name}
            type={isShown ? "text" : "password"}
            autoComplete={autoComplete}
            autoCapitalize="none"
            spellCheck={false}
            required
            minLength={minLength}
            maxLength={200}
            className="field pr-11"
          />
          <button
            type="button"
            aria-pressed={isShown}
            aria-label={t.app.showPassword}
            title={t.app.showPassword}
            onClick={() => setIsShown(!isShown)}
            className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-r-lg text-muted hover:text-ink aria-pressed:text-accent"
          >
            <Icon name="eye" />
          </button>
        </div>
      )}
    </FormField>
  );
}
