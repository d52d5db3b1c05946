import { useEffect, useRef, useState } from "react";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { SignInProblem } from "./sign-in-problem.tsx";

interface CodeFieldProps {
  /** Whether a recovery code is asked for instead of the authenticator app's. */
  isRecovery: boolean;
  /** Whether it is the first thing to fill in. */
  takesFocus?: boolean;
}

/** The one-time code's input. */
export function CodeField({ isRecovery, takesFocus = false }: CodeFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, [takesFocus]);
  return (
    <FormField label={isRecovery ? access.signIn.recovery : access.signIn.code}>
      {(ids) => (
        <input
          {...ids}
          ref={input}
          name="code"
          required
          minLength={6}
          maxLength={40}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          inputMode={isRecovery ? "text" : "numeric"}
          className="field font-mono text-lg tracking-[0.15em]"
        />
      )}
    </FormField>
  );
}

interface CodeFormProps {
  error: unknown;
  wait: number;
  isPending: boolean;
  isRecovery: boolean;
  submitLabel: string;
  onRecovery: (isRecovery: boolean) => void;
  onCode: (code: string) => void;
  onBack: () => void;
}

/** The second step of signing in. */
export function CodeForm(props: CodeFormProps) {
  const { error, wait, isPending, isRecovery, submitLabel } = props;
  // Seen by nobody else, and needed again after a wrong code: the attempt counts up.
  const [attempt, setAttempt] = useState(0);
  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        const code = new FormData(event.currentTarget).get("code");
        setAttempt(attempt + 1);
        props.onCode(typeof code === "string" ? code : "");
      }}
    >
      {attempt > 0 && !isPending && (
        <SignInProblem error={error} wait={wait} wrong={access.signIn.codeWrong} />
      )}
      <CodeField key={String(isRecovery)} isRecovery={isRecovery} takesFocus />
      <Button
        type="submit"
        weight="primary"
        className="min-h-11 w-full"
        disabled={isPending || wait > 0}
      >
        {isPending ? access.signIn.working : submitLabel}
      </Button>
      <div className="flex flex-wrap justify-between gap-x-4 gap-y-1">
        <Button weight="ghost" className="-ml-3" onClick={() => props.onRecovery(!isRecovery)}>
          {isRecovery ? access.signIn.byApp : access.signIn.byRecovery}
        </Button>
        <Button weight="ghost" className="-mr-3" onClick={props.onBack}>
          {access.signIn.back}
        </Button>
      </div>
    </form>
  );
}
