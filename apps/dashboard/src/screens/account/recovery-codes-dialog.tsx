import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { useCopy } from "../../parts/use-copy.ts";

interface RecoveryCodesDialogProps {
  codes: readonly string[];
  onClose: () => void;
}

/** Shows the recovery codes, the one time that they can be seen. */
export function RecoveryCodesDialog({ codes, onClose }: RecoveryCodesDialogProps) {
  const { isCopied, copy } = useCopy();
  const text = `${codes.join("\n")}\n`;
  return (
    <Dialog title={access.account.codesTitle} onClose={onClose}>
      <div className="space-y-5">
        <p className="text-muted">{access.account.codesText}</p>
        <ul className="grid gap-x-6 gap-y-2 rounded-lg bg-sunken p-4 font-mono text-[0.9375rem] min-[26rem]:grid-cols-2">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <div className="flex flex-wrap justify-between gap-2">
          <span className="flex gap-2">
            <Button icon={isCopied ? "check" : "copy"} onClick={() => void copy(text)}>
              {isCopied ? access.account.copied : access.account.copyCodes}
            </Button>
            <Button icon="download" onClick={() => download(text)}>
              {access.account.download}
            </Button>
          </span>
          <Button weight="primary" onClick={onClose}>
            {access.account.codesDone}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = access.account.downloadName;
  link.click();
  URL.revokeObjectURL(address);
}
