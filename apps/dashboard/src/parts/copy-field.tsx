import { useRef, useState } from "react";
import { t } from "../messages/messages.ts";
import { Button } from "./button.tsx";

interface CopyFieldProps {
  /** What the value is. */
  label: string;
  value: string;
  /** Whether the label is shown above the value. */
  labelled?: boolean;
  /** Whether all of it is shown, over two lines if need be: for what is also typed elsewhere. */
  isWhole?: boolean;
}

/** A value to take elsewhere, with a button that copies it. */
export function CopyField({ label, value, labelled = true, isWhole = false }: CopyFieldProps) {
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const Field = isWhole ? "textarea" : "input";
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    // Outside of HTTPS and localhost browsers have no clipboard; the selection is then left to Ctrl+C.
    await navigator.clipboard?.writeText(value);
    setCopied(navigator.clipboard !== undefined);
  };
  return (
    <div className="min-w-0">
      {labelled && <p className="eyebrow mb-1">{label}</p>}
      <div className="flex gap-2">
        <Field
          ref={field}
          readOnly
          {...(isWhole ? { rows: 2 } : {})}
          value={value}
          aria-label={label}
          onFocus={(event) => event.currentTarget.select()}
          className={`field min-w-0 flex-1 bg-raised font-mono text-[0.8125rem] ${isWhole ? "field-sizing-content resize-none" : ""}`}
        />
        <Button
          className="h-10 self-start"
          icon={copied ? "check" : "copy"}
          aria-label={copied ? t.copy.copied : t.copy.copyLabel(label)}
          onClick={() => void copy()}
        >
          {copied ? t.copy.copied : t.copy.copy}
        </Button>
      </div>
    </div>
  );
}
