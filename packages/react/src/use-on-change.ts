"use client";

import { useEffect, useRef } from "react";

/** Does something whenever a value becomes another one; not at first. */
export function useOnChange(value: unknown, act: () => void): void {
  const last = useRef(value);
  useEffect(() => {
    if (last.current === value) return;
    last.current = value;
    act();
  });
}
