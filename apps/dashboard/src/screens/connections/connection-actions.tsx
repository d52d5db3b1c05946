import type { ConnectionResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { connectionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { proven } from "../../session/proof.ts";
import { needsSecret } from "./connection-state.ts";
import { EditConnection } from "./edit-connection.tsx";
import { SecretDialog } from "./secret-dialog.tsx";

/** What can be done with a connection. The environment's secret is changed in the environment. */
export function ConnectionActions({ connection }: { connection: ConnectionResource }) {
  const { id, origin, status, name } = connection;
  const queries = useQueryClient();
  const [open, setOpen] = useState<"edit" | "secret" | null>(null);
  const onSettled = () => queries.invalidateQueries({ queryKey: connectionsQuery.queryKey });
  const isPaused = status === "paused";
  const pause = useMutation({
    mutationFn: () =>
      proven(() => (isPaused ? hub.connections.resume(id) : hub.connections.pause(id))),
    onSettled,
  });
  const renewToken = useMutation({
    mutationFn: () => proven(() => hub.connections.rotateUrlToken(id)),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: () => proven(() => hub.connections.remove(id)),
    onSettled,
  });
  const error = pause.error ?? renewToken.error ?? remove.error;
  const isEnvironment = origin === "environment";
  return (
    <div className="space-y-4 border-t border-line pt-4">
      {renewToken.data && (
        <div className="space-y-2 rounded-lg bg-accent-soft p-4">
          <CopyField
            label={access.connections.addressWithToken}
            value={renewToken.data.token_url}
          />
          <p className="text-sm">{access.connections.secretOnce}</p>
        </div>
      )}
      {error && <ProblemPanel error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button icon="edit" onClick={() => setOpen("edit")}>
          {access.connections.edit}
        </Button>
        {!isEnvironment && needsSecret(connection) && (
          <Button icon="key" onClick={() => setOpen("secret")}>
            {access.connections.newSecret}
          </Button>
        )}
        {!isEnvironment && connection.auth_modes.includes("url_token") && (
          <ConfirmButton
            icon="link"
            label={access.connections.newToken}
            question={connection.has_url_token ? access.connections.tokenConfirm : null}
            disabled={renewToken.isPending}
            onConfirm={() => renewToken.mutate()}
          />
        )}
        <Button
          icon={isPaused ? "play" : "pause"}
          disabled={pause.isPending}
          onClick={() => pause.mutate()}
        >
          {isPaused ? access.connections.resume : access.connections.pause}
        </Button>
        {!isEnvironment && (
          <ConfirmButton
            icon="cross"
            weight="danger"
            label={access.connections.remove}
            question={access.connections.removeConfirm(name)}
            disabled={remove.isPending}
            onConfirm={() => remove.mutate()}
          />
        )}
      </div>
      {open === "edit" && <EditConnection connection={connection} onClose={() => setOpen(null)} />}
      {open === "secret" && <SecretDialog connection={connection} onClose={() => setOpen(null)} />}
    </div>
  );
}
