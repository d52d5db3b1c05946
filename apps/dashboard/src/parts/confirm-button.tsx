import { useState, type ComponentProps, type ReactNode } from "react";
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
  /** What stands below the question: it is made when the question is opened. */
  children?: ReactNode;
  disabled: boolean;
  /** Says it all to those who do not see what stands around the button. */
  fullLabel?: string;
  weight?: ComponentProps<typeof Button>["weight"];
  onConfirm: () => void;
}

/** A button that asks before it acts. */
export function ConfirmButton(props: ConfirmButtonProps) {
  const { icon, label, fullLabel = label, question, disabled, weight = "plain", onConfirm } = props;
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <Button
        icon={icon}
        weight={weight}
        aria-label={fullLabel}
        disabled={disabled}
        onClick={() => (question === null ? onConfirm() : setIsAsking(true))}
      >
        {label}
      </Button>
      {isAsking && (
        <Dialog title={fullLabel} onClose={() => setIsAsking(false)}>
          <p>{question}</p>
          {props.children}
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
