"use client";

import { type ReactElement, useLayoutEffect, useRef } from "react";
import type { Language } from "../messages/en.ts";
import { newsWords } from "./news-words.ts";
import { dismissToast, holdToasts, type NewsGroup } from "./page-news.ts";

/**
 * Messages in a corner of the window. They stay while the pointer or the focus is on them. The log says
 * the same to those who hear the page: these are not read out beside it.
 */
export function EventToasts({
  toasts,
  words,
}: {
  readonly toasts: readonly NewsGroup[];
  readonly words: Language["events"];
}): ReactElement {
  const corner = useRef<HTMLOutputElement>(null);
  useLayoutEffect(() => {
    const { current: element } = corner;
    const hold = (): void => holdToasts(true);
    const release = (): void => holdToasts(false);
    for (const name of ["pointerenter", "focusin"]) element?.addEventListener(name, hold);
    for (const name of ["pointerleave", "focusout"]) element?.addEventListener(name, release);
    // Above everything of the page, whatever it is inside of. Older browsers show it where it is.
    if (element !== null && "showPopover" in element) element.showPopover();
    // What is gone holds nothing.
    return release;
  }, []);
  return (
    <output
      ref={corner}
      popover="manual"
      className="sw sw-toasts"
      aria-live="off"
      aria-label={words.toasts}
    >
      {toasts.map((group) => {
        const text = newsWords(group, words);
        return (
          <span key={group.id} className="sw-toast">
            <span className="sw-grow">{text}</span>
            <button
              type="button"
              className="sw-button sw-plain"
              aria-label={words.dismiss(text)}
              onClick={() => dismissToast(group.id)}
            >
              ✕
            </button>
          </span>
        );
      })}
    </output>
  );
}
