import { type RefObject, useEffect, useRef } from "react";
import type { WrongFields } from "./wrong-in-settings.ts";

/**
 * Goes to the first field of a form that was refused, which may be out of sight.
 * @returns what the form is to be known by
 */
export function useFocusOnWrong(wrong: WrongFields): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const names = Object.keys(wrong).toSorted().join(" ");
  useEffect(() => {
    if (names !== "") form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [names]);
  return form;
}
