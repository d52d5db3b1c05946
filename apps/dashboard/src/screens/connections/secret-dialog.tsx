import type { ConnectionResource } from "@slotwire/contract";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { connectionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { proven } from "../../session/proof.ts";
import { connectionKindsQuery } from "./queries.ts";
import { SecretChoice, secretInForm } from "./secret-choice.tsx";

interface SecretDialogProps {
  connection: ConnectionResource;
  onClose: () => void;
}

/** Gives a connection another secret, and shows it the one time that it can be seen. */
export function SecretDialog({ connection, onClose }: SecretDialogProps) {
  const queries = useQueryClient();
  const kinds = useQuery(connectionKindsQuery);
  const kind = kinds.data?.data.find((one) => one.kind === connection.kind);
  const rotate = useMutation({
    mutationFn: (secret: string | undefined) =>
      proven(() => hub.connections.rotateSecret(connection.id, secret)),
    onSuccess: () => queries.invalidateQueries({ queryKey: connectionsQuery.queryKey }),
  });
  const wrong = fieldError(rotate.error, "secret");
  if (rotate.data) {
    return (
      <Dialog key="made" title={access.connections.newSecret} isHeld onClose={onClose}>
        <div className="space-y-4">
          <p className="text-muted">{access.connections.secretOnce}</p>
          <CopyField
            label={access.connections.secret}
            value={rotate.data.secret}
            labelled={false}
          />
          <div className="flex justify-end">
            <Button weight="primary" onClick={onClose}>
              {access.form.stored}
            </Button>
          </div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog key="ask" title={access.connections.newSecret} onClose={onClose}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          rotate.mutate(secretInForm(new FormData(event.currentTarget)));
        }}
      >
        {connection.has_secret && <p className="text-muted">{access.connections.rotateText}</p>}
        {kind?.takes_secret === true && <SecretChoice kind={kind} error={wrong} isLater />}
        {rotate.error && wrong === undefined && <ProblemPanel error={rotate.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={rotate.isPending}>
            {access.connections.newSecret}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
