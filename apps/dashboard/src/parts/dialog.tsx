import { useEffect, useId, useRef, type ReactNode } from "react";
import { t } from "../messages/messages.ts";
import { IconButton } from "./button.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** A question or form above the page; the browser keeps the focus inside and closes it on Escape. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-auto max-h-[calc(100dvh-1rem)] w-[calc(100vw-1rem)] max-w-lg overflow-y-auto rounded-2xl border border-line bg-surface p-0 text-ink"
    >
      <header className="flex items-center justify-between gap-3 pt-3 pr-3 pl-5">
        <h2 id={titleId} className="text-lg font-semibold">
          {title}
        </h2>
        <IconButton icon="cross" label={t.app.close} onClick={() => dialog.current?.close()} />
      </header>
      <div className="px-5 pt-2 pb-5">{children}</div>
    </dialog>
  );
}
