import type { TotpSetup } from "@slotwire/contract";
import { useMutation } from "@tanstack/react-query";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { proven } from "../../session/proof.ts";
import { QrCode } from "./qr-code.tsx";
import { textIn } from "../../parts/text-in.ts";

interface AuthenticatorDialogProps {
  setup: TotpSetup;
  onClose: () => void;
  /** Takes the recovery codes. */
  onTurnedOn: (codes: readonly string[]) => void;
}

/** Tells an authenticator app the secret, and makes it count by a first code. */
export function AuthenticatorDialog({ setup, onClose, onTurnedOn }: AuthenticatorDialogProps) {
  const confirm = useMutation({
    mutationFn: (code: string) => proven(() => hub.account.confirmTotp(code)),
    onSuccess: ({ recovery_codes }) => onTurnedOn(recovery_codes),
  });
  const wrong = fieldError(confirm.error, "code");
  return (
    <Dialog title={access.account.scanTitle} onClose={onClose}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate(textIn(new FormData(event.currentTarget), "code"));
        }}
      >
        <p className="text-muted">{access.account.scanText}</p>
        <QrCode text={setup.uri} label={access.account.qr} />
        <CopyField label={access.account.typed} value={setup.secret} />
        <FormField label={access.account.codeLabel} error={wrong}>
          {(ids) => (
            <input
              {...ids}
              name="code"
              required
              minLength={6}
              maxLength={10}
              inputMode="numeric"
              autoComplete="one-time-code"
              className="field font-mono text-lg tracking-[0.15em]"
            />
          )}
        </FormField>
        {confirm.error && wrong === undefined && <ProblemPanel error={confirm.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={confirm.isPending}>
            {confirm.isPending ? access.account.checking : access.account.turnOn}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
