import { useEffect, useId, useRef, type ReactNode } from "react";
import { Announcer } from "../live/announcer.tsx";
import { t } from "../messages/messages.ts";
import { IconButton } from "./button.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  /** For forms with much to decide. */
  isWide?: boolean;
  /** The name of the field that somebody who opens it wants to fill in; the first one unless given. */
  focusOn?: string | undefined;
  /** Only a button in it closes it: for what is shown once and would be lost by a stray Escape. */
  isHeld?: boolean;
  children: ReactNode;
}

/** What somebody who opens a dialog wants to use first. */
const firstToUse = ["input:not([type=hidden], [readonly])", "select", "textarea", "button"]
  .map((control) => `[data-dialog-body] ${control}`)
  .join(", ");

/**
 * A question or form above the page; the browser keeps the focus inside and closes it on Escape.
 * Afterwards the focus goes back to where it was.
 */
export function Dialog(props: DialogProps) {
  const { title, onClose, isWide = false, focusOn, isHeld = false, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) {
      element.showModal();
      // The browser would take the first button, which closes it.
      const wanted = focusOn === undefined ? firstToUse : `[name="${focusOn}"]`;
      element.querySelector<HTMLElement>(wanted)?.focus();
    }
    return () => {
      // The browser gives it back when the dialog is closed, but not when it is taken away.
      const isLost = document.activeElement === document.body || !document.activeElement;
      if (isLost && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [focusOn]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      // Both: a second Escape closes it whatever was said to `cancel`.
      onKeyDown={(event) => {
        if (isHeld && event.key === "Escape") event.preventDefault();
      }}
      onCancel={(event) => {
        if (isHeld) event.preventDefault();
      }}
      className={`m-auto max-h-[calc(100dvh-1rem)] w-[calc(100vw-1rem)] ${isWide ? "max-w-2xl" : "max-w-lg"} scroll-pt-16 scroll-pb-20 overflow-y-auto overscroll-contain rounded-2xl border border-line bg-surface p-0 text-ink`}
    >
      <header className="sticky top-0 z-10 flex items-start justify-between gap-3 bg-surface pt-3 pr-3 pb-1 pl-5">
        <h2 id={titleId} className="min-w-0 pt-1 text-lg font-semibold wrap-anywhere">
          {title}
        </h2>
        {!isHeld && (
          <IconButton icon="cross" label={t.app.close} onClick={() => dialog.current?.close()} />
        )}
      </header>
      <div data-dialog-body className="px-5 pt-2 pb-5">
        {children}
      </div>
      <Announcer />
    </dialog>
  );
}
