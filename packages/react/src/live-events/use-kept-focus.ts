"use client";

import { type RefObject, useEffect, useRef } from "react";

/** Keeps whoever reads a list in it when the row with the focus goes. */
export function useKeptFocus(list: RefObject<HTMLElement | null>): void {
  const focused = useRef<Element | null>(null);
  useEffect(() => {
    const element = list.current;
    const onFocus = ({ target }: FocusEvent): void => {
      focused.current = target as Element;
    };
    // One that is there afterwards was left, and did not go.
    const onBlur = (): void =>
      void setTimeout(() => {
        const isLeft = element?.contains(document.activeElement) === false;
        if (isLeft && focused.current?.isConnected === true) focused.current = null;
      });
    element?.addEventListener("focusin", onFocus);
    element?.addEventListener("focusout", onBlur);
    return () => {
      element?.removeEventListener("focusin", onFocus);
      element?.removeEventListener("focusout", onBlur);
    };
  }, [list]);
  useEffect(() => {
    if (focused.current?.isConnected !== false) return;
    focused.current = null;
    if (document.activeElement === document.body) list.current?.focus();
  });
}
