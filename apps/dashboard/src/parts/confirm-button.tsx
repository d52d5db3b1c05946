import { useState } from "react";
import { t } from "../messages/messages.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import type { IconName } from "./icon.tsx";

interface ConfirmButtonProps {
  icon: IconName;
  /** What the button does; also the title of the question and the answer "yes". */
  label: string;
  /** What will happen; null when there is nothing to ask. */
  question: string | null;
  disabled: boolean;
  onConfirm: () => void;
}

/** A button that asks before it acts. */
export function ConfirmButton({ icon, label, question, disabled, onConfirm }: ConfirmButtonProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button
        icon={icon}
        disabled={disabled}
        onClick={() => (question === null ? onConfirm() : setIsAsking(true))}
      >
        {label}
      </Button>
      {isAsking && (
        <Dialog title={label} onClose={() => setIsAsking(false)}>
          <p>{question}</p>
          <div className="mt-5 flex justify-end gap-2">
            <Button onClick={() => setIsAsking(false)}>{t.app.cancel}</Button>
            <Button
              weight="primary"
              onClick={() => {
                setIsAsking(false);
                onConfirm();
              }}
            >
              {label}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
