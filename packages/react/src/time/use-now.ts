"use client";

import { useSyncExternalStore } from "react";

const STEP = 15_000;

function watch(listener: () => void): () => void {
  const timer = setInterval(listener, STEP);
  return () => clearInterval(timer);
}

const currentStep = (): number => Math.floor(Date.now() / STEP) * STEP;
const onServer = (): null => null;

/**
 * Now, in milliseconds of the epoch and in steps of 15 seconds. Null on a server, and until a browser
 * has taken over what a server rendered: both have to render the same.
 */
export function useNow(): number | null {
  return useSyncExternalStore<number | null>(watch, currentStep, onServer);
}
