import { useRef } from "react";
import { t } from "../messages/messages.ts";
import { Button } from "./button.tsx";
import { useCopy } from "./use-copy.ts";

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
  const { isCopied, copy } = useCopy();
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
          icon={isCopied ? "check" : "copy"}
          aria-label={isCopied ? t.copy.copied : t.copy.copyLabel(label)}
          onClick={() => {
            // Where there is no clipboard, the selection is left to Ctrl+C.
            field.current?.select();
            void copy(value);
          }}
        >
          {isCopied ? t.copy.copied : t.copy.copy}
        </Button>
      </div>
    </div>
  );
}
