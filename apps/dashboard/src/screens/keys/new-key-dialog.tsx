import type { CreatedApiKey } from "@slotwire/contract";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Dialog } from "../../parts/dialog.tsx";

interface NewKeyDialogProps {
  apiKey: CreatedApiKey;
  onClose: () => void;
}

/** Shows a key, the one time that it can be seen. */
export function NewKeyDialog({ apiKey, onClose }: NewKeyDialogProps) {
  return (
    <Dialog
      title={access.keys.createdTitle(apiKey.name)}
      isHeld={apiKey.kind === "secret"}
      onClose={onClose}
    >
      <div className="space-y-5">
        <p className="text-muted">{access.keys.once}</p>
        <CopyField label={access.keys.key} value={apiKey.key} labelled={false} />
        {apiKey.kind === "secret" && (
          <div>
            <h3 className="mb-1.5 text-sm font-medium">{access.keys.tryIt}</h3>
            <CodeBlock label={access.keys.tryIt} text={callWith(apiKey)} />
          </div>
        )}
        <div className="flex justify-end">
          <Button weight="primary" onClick={onClose}>
            {access.form.stored}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** A call that the key may make; the key itself stands above. */
function callWith({ scopes }: CreatedApiKey): string {
  const path = scopes.includes("events:read") ? "booking-events" : "bookings";
  return `curl ${window.location.origin}/api/v1/${path} \\\n  -H "Authorization: Bearer $SLOTWIRE_API_KEY"`;
}
