import type { ConnectionKind, CreatedConnection } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { connectionsQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Arrival } from "./arrival.tsx";
import { isSettingUp } from "./connection-state.ts";
import { connectionKindsQuery } from "./queries.ts";

interface ConnectedDialogProps {
  made: CreatedConnection;
  onClose: () => void;
}

/** What to paste at the source, the one time that it can be seen, and the first message's arrival. */
export function ConnectedDialog({ made, onClose }: ConnectedDialogProps) {
  const query = useQuery(connectionsQuery);
  const kinds = useQuery(connectionKindsQuery);
  const kind = kinds.data?.data.find((one) => one.kind === made.kind);
  const isSourcesSecret = kind?.secret_from_source === true;
  const now = query.data?.data.find(({ id }) => id === made.id) ?? made;
  return (
    <Dialog
      title={access.connections.createdTitle(made.name)}
      isHeld={made.secret !== null && !isSourcesSecret}
      onClose={onClose}
    >
      <div className="space-y-5">
        <p className="text-muted">{stepsFor(kind, made.name)}</p>
        <CopyField
          label={
            made.token_url === null
              ? access.connections.address
              : access.connections.addressWithToken
          }
          value={made.token_url ?? made.webhook_url}
        />
        {made.secret !== null && !isSourcesSecret && (
          <div className="space-y-1.5">
            <CopyField label={access.connections.secret} value={made.secret} />
            <p className="text-sm text-muted">{access.connections.secretOnce}</p>
          </div>
        )}
        <Arrival connection={now} />
        <div className="flex justify-end">
          <Button weight={isSettingUp(now) ? "plain" : "primary"} onClick={onClose}>
            {isSettingUp(now) ? access.connections.doneWaiting : access.connections.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function stepsFor(kind: ConnectionKind | undefined, name: string): string {
  if (kind?.secret_is_api_key === true) return access.connections.createdStepsAddress;
  if (kind?.secret_from_source === true) return access.connections.createdStepsSource(name);
  return access.connections.createdSteps;
}
