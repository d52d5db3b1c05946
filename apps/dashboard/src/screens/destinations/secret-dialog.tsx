import type { DestinationWithSecret } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { VerifyChoice } from "./verify-choice.tsx";

interface SecretDialogProps {
  destination: DestinationWithSecret;
  onClose: () => void;
}

/** Shows a destination's secret, the one time that it can be seen. */
export function SecretDialog({ destination, onClose }: SecretDialogProps) {
  return (
    <Dialog title={t.destinations.secretTitle(destination.name)} isWide isHeld onClose={onClose}>
      <div className="space-y-5">
        <p className="text-muted">{t.destinations.secretOnce}</p>
        <CopyField label={t.destinations.secret} value={destination.secret} labelled={false} />
        <VerifyChoice />
        <div className="flex justify-end">
          <Button weight="primary" onClick={onClose}>
            {t.destinations.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
