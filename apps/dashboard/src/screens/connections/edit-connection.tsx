import type { ConnectionResource, UpdateConnection } from "@slotwire/contract";
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
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { proven } from "../../session/proof.ts";
import { ApiFields, apiInForm } from "./api-fields.tsx";
import { LimitFields, limitsInForm, NameField, ProofFields } from "./connection-fields.tsx";
import { connectionKindsQuery } from "./queries.ts";
import { SettingsFields, settingsInForm } from "./settings-fields.tsx";
import { textIn } from "../../parts/text-in.ts";

interface EditConnectionProps {
  connection: ConnectionResource;
  /** The name of the field that is to be filled in. */
  focusOn?: string;
  onClose: () => void;
}

/** Changes a connection; of the environment's only what the environment does not set. */
export function EditConnection({ connection, focusOn, onClose }: EditConnectionProps) {
  const queries = useQueryClient();
  const kinds = useQuery(connectionKindsQuery);
  const kind = kinds.data?.data.find((one) => one.kind === connection.kind);
  const [modes, setModes] = useState<readonly ConnectionResource["auth_modes"][number][]>(
    connection.auth_modes,
  );
  const isEnvironment = connection.origin === "environment";
  const save = useMutation({
    mutationFn: (changes: UpdateConnection) =>
      proven(() => hub.connections.update(connection.id, changes)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: connectionsQuery.queryKey });
      onClose();
    },
  });
  const wrong = (field: string) => fieldError(save.error, field);
  const isInField = [
    "name",
    "auth_modes",
    "allowed_ranges",
    "messages_per_minute",
    "api_key",
    "api_url",
    "settings",
  ].some((field) => wrong(field) !== undefined);
  return (
    <Dialog title={connection.name} onClose={onClose} focusOn={focusOn} isWide>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          save.mutate({
            ...limitsInForm(form),
            ...settingsInForm(form, kind),
            ...apiInForm(form, connection),
            ...(isEnvironment ? {} : { name: textIn(form, "name").trim(), auth_modes: [...modes] }),
          });
        }}
      >
        {isEnvironment ? (
          <p className="text-muted">{access.connections.environmentFixed}</p>
        ) : (
          <>
            <NameField value={connection.name} error={wrong("name")} />
            {kind && (
              <ProofFields
                kind={kind}
                chosen={modes}
                onChange={setModes}
                error={modes.length === 0 ? access.connections.proofWrong : wrong("auth_modes")}
              />
            )}
          </>
        )}
        <LimitFields value={connection} wrong={wrong} />
        {kind && <SettingsFields kind={kind} value={connection.settings} wrong={wrong} />}
        {kind?.takes_api_key === true && !kind.secret_is_api_key && (
          <ApiFields value={connection} wrong={wrong} />
        )}
        {save.error && !isInField && <ProblemPanel error={save.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={save.isPending || modes.length === 0}>
            {save.isPending ? t.app.saving : t.app.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
