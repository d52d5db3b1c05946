"use client";

import { type RefObject, useEffect } from "react";

/**
 * Keeps whoever is in a part of the page in it when the row, the button or the form with the focus goes.
 * @param part what gets the focus then; it needs a `tabIndex`
 * @param nearest a selector of what in it gets the focus instead, if that is there
 */
export function useKeptFocus(part: RefObject<HTMLElement | null>, nearest?: string): void {
  useEffect(() => {
    const { current: element } = part;
    if (element === null) return;
    let focused: Element | null = null;
    const onFocus = ({ target }: FocusEvent): void => {
      focused = target as Element;
    };
    // One that is there afterwards was left, and did not go.
    const onBlur = (): void =>
      void setTimeout(() => {
        const isLeft = !element.contains(document.activeElement);
        if (isLeft && focused?.isConnected === true) focused = null;
      });
    const observer = new MutationObserver(() => {
      if (focused?.isConnected !== false) return;
      focused = null;
      if (document.activeElement !== document.body) return;
      const near = nearest && element.querySelector<HTMLElement>(nearest);
      (near || element).focus({ preventScroll: true });
    });
    element.addEventListener("focusin", onFocus);
    element.addEventListener("focusout", onBlur);
    observer.observe(element, { childList: true, subtree: true });
    return () => {
      element.removeEventListener("focusin", onFocus);
      element.removeEventListener("focusout", onBlur);
      observer.disconnect();
    };
  }, [part, nearest]);
}
