import type {
  AuthMode,
  ConnectionKind,
  CreateConnection,
  CreatedConnection,
} from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { connectionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { ListSkeleton } from "../../parts/skeleton.tsx";
import { proven } from "../../session/proof.ts";
import { ApiFields, apiInForm } from "./api-fields.tsx";
import { LimitFields, limitsInForm, NameField, ProofFields } from "./connection-fields.tsx";
import { needsSecret } from "./connection-state.ts";
import { connectionKindsQuery } from "./queries.ts";
import { SecretChoice, secretInForm } from "./secret-choice.tsx";
import { SettingsFields, settingsInForm } from "./settings-fields.tsx";
import { textIn } from "../../parts/text-in.ts";

interface ConnectDialogProps {
  onClose: () => void;
  onConnected: (connection: CreatedConnection) => void;
}

/** Connects a source: which one, and how its messages prove themselves. */
export function ConnectDialog({ onClose, onConnected }: ConnectDialogProps) {
  const kinds = useQuery(connectionKindsQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const list = kinds.data?.data;
  const kind = list?.find((one) => one.kind === chosen) ?? list?.[0];
  return (
    <Dialog title={access.connections.add} onClose={onClose} isWide>
      {kinds.isPending && <ListSkeleton lines={3} />}
      {kinds.error && <ProblemPanel error={kinds.error} onRetry={() => void kinds.refetch()} />}
      {list && list.length > 1 && (
        <div className="mb-5">
          <FormField label={access.connections.kind}>
            {(ids) => (
              <select
                {...ids}
                className="field"
                value={kind?.kind}
                onChange={(event) => setChosen(event.target.value)}
              >
                {list.map((one) => (
                  <option key={one.kind} value={one.kind}>
                    {one.label}
                  </option>
                ))}
              </select>
            )}
          </FormField>
        </div>
      )}
      {kind && (
        <ConnectForm key={kind.kind} kind={kind} onClose={onClose} onConnected={onConnected} />
      )}
    </Dialog>
  );
}

interface ConnectFormProps extends ConnectDialogProps {
  kind: ConnectionKind;
}

const usualLimits = { allowed_ranges: null, messages_per_minute: 6000 };

function ConnectForm({ kind, onClose, onConnected }: ConnectFormProps) {
  const queries = useQueryClient();
  const [modes, setModes] = useState<readonly AuthMode[]>(kind.auth_modes.slice(0, 1));
  const connect = useMutation({
    mutationFn: (connection: CreateConnection) => proven(() => hub.connections.create(connection)),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: connectionsQuery.queryKey });
      onConnected(made);
    },
  });
  const wrong = (field: string) => fieldError(connect.error, field);
  const isInField = [
    "name",
    "auth_modes",
    "secret",
    "allowed_ranges",
    "messages_per_minute",
    "api_key",
    "api_url",
    "settings",
  ].some((field) => wrong(field) !== undefined);
  const isLimitWrong = (wrong("allowed_ranges") ?? wrong("messages_per_minute")) !== undefined;
  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        const secret = secretInForm(form);
        connect.mutate({
          kind: kind.kind,
          name: textIn(form, "name").trim(),
          auth_modes: [...modes],
          ...limitsInForm(form),
          ...settingsInForm(form, kind),
          ...apiInForm(form, { has_api_key: false, api_url: null }),
          ...(secret === undefined ? {} : { secret }),
        });
      }}
    >
      <NameField value={kind.label} hint={access.connections.nameHint} error={wrong("name")} />
      <ProofFields
        kind={kind}
        chosen={modes}
        onChange={setModes}
        error={modes.length === 0 ? access.connections.proofWrong : wrong("auth_modes")}
      />
      {kind.takes_secret && needsSecret({ auth_modes: modes }) && (
        <SecretChoice kind={kind} error={wrong("secret")} />
      )}
      <SettingsFields kind={kind} value={{}} wrong={wrong} />
      {kind.takes_api_key && !kind.secret_is_api_key && (
        <ApiFields value={{ has_api_key: false, api_url: null }} wrong={wrong} />
      )}
      <details open={isLimitWrong || undefined}>
        <summary className="text-sm font-medium text-accent">{access.form.advanced}</summary>
        <div className="mt-3">
          <LimitFields value={usualLimits} wrong={wrong} />
        </div>
      </details>
      {connect.error && !isInField && <ProblemPanel error={connect.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t.app.cancel}</Button>
        <Button type="submit" weight="primary" disabled={connect.isPending || modes.length === 0}>
          {connect.isPending ? access.connections.creating : access.connections.create}
        </Button>
      </DialogActions>
    </form>
  );
}
