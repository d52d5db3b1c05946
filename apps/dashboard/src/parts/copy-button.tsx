import { t } from "../messages/messages.ts";
import { Icon } from "./icon.tsx";
import { useCopy } from "./use-copy.ts";

/** Copies a text that is shown elsewhere, or not at all. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  const { isCopied, copy } = useCopy();
  // Outside of HTTPS and localhost browsers have no clipboard.
  if (navigator.clipboard === undefined) return null;
  return (
    <button
      type="button"
      onClick={() => void copy(text)}
      className="inline-flex min-h-7 shrink-0 items-center gap-1 rounded-md px-1.5 text-xs font-medium text-accent hover:bg-raised"
    >
      <Icon name={isCopied ? "check" : "copy"} className="size-3.5" />
      {isCopied ? t.copy.copied : label}
    </button>
  );
}
