"use client";

import { type ReactElement, type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { common } from "../messages/en.ts";
import { useWords } from "../use-words.ts";

/**
 * A native dialog, open while it is there: the page behind it is inert, Escape closes it, and the focus
 * goes back to where it was.
 */
export function Modal({
  title,
  name,
  onClose,
  children,
}: {
  readonly title: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const words = useWords("common", common);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still in the page: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`sw sw-modal ${name}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id} className="sw-title">
        {title}
      </h2>
      {children}
      {/* Last: the first field gets the focus. */}
      <button
        type="button"
        className="sw-button sw-plain sw-close"
        aria-label={words.close}
        onClick={onClose}
      >
        ✕
      </button>
    </dialog>
  );
}
