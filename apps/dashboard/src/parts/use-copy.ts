import { useEffect, useState } from "react";
import { say } from "../live/announcer.tsx";
import { t } from "../messages/messages.ts";

/** How long it is shown that something was copied, in milliseconds. */
const SHOWN = 2_500;

interface Copy {
  /** Whether something was copied a moment ago. */
  readonly isCopied: boolean;
  /** Copies a text. Outside of HTTPS and localhost browsers have no clipboard: then it does nothing. */
  readonly copy: (text: string) => Promise<void>;
}

/** Copies texts and tells, for a moment and once to screen readers, that it was done. */
export function useCopy(): Copy {
  // Another object each time: who copies again sees it for as long again.
  const [copied, setCopied] = useState<object | null>(null);
  useEffect(() => {
    if (copied === null) return;
    const timer = setTimeout(() => setCopied(null), SHOWN);
    return () => clearTimeout(timer);
  }, [copied]);
  return {
    isCopied: copied !== null,
    async copy(text) {
      if (navigator.clipboard === undefined) return;
      await navigator.clipboard.writeText(text);
      setCopied({});
      say(t.copy.copied);
    },
  };
}
