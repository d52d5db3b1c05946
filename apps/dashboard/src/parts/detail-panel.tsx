import { useEffect, useRef, type ReactNode } from "react";
import { t } from "../messages/messages.ts";
import { IconButton } from "./button.tsx";

interface DetailPanelProps {
  title: string;
  /** What the panel shows: focus goes to its head when this changes. */
  subject: string;
  onClose: () => void;
  children: ReactNode;
}

/** The opened row of a list. Escape closes it. */
export function DetailPanel({ title, subject, onClose, children }: DetailPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [subject]);
  return (
    <section
      aria-label={title}
      className="panel xl:max-h-[calc(100dvh-2rem)] xl:overflow-y-auto"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
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
