import { useEffect, useRef, type ReactNode } from "react";
import { t } from "../messages/messages.ts";
import { IconButton } from "./button.tsx";
import { useEscape } from "./use-escape.ts";

interface DetailPanelProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** The opened row of a list: has the focus while it is open, closes on Escape. */
export function DetailPanel({ title, onClose, children }: DetailPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus({ preventScroll: true });
    return () => {
      // The focus goes back to the row, unless it has gone elsewhere by itself.
      const isLost = document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEscape(onClose);
  return (
    <section aria-label={title} className="panel xl:max-h-[calc(100dvh-2rem)] xl:overflow-y-auto">
      <header className="sticky top-0 z-10 flex items-center justify-between gap-3 rounded-t-xl border-b border-line bg-surface py-2 pr-2 pl-4">
        <h2 ref={heading} tabIndex={-1} className="truncate font-semibold outline-none">
          {title}
        </h2>
        <IconButton icon="cross" label={t.app.close} onClick={onClose} />
      </header>
      <div className="space-y-5 p-4">{children}</div>
    </section>
  );
}
