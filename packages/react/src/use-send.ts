"use client";

import { useState } from "react";

export interface Sending {
  readonly isSending: boolean;
  /** What the last attempt failed by; null otherwise. */
  readonly error: unknown;
  /** Does something that may fail, one at a time. */
  readonly send: (action: () => Promise<unknown>) => Promise<void>;
  readonly reset: () => void;
}

/** What somebody asks for by a button: whether it is under way, and why it failed. */
export function useSend(): Sending {
  const [{ isSending, error }, setState] = useState<{ isSending: boolean; error: unknown }>(atRest);
  return {
    isSending,
    error,
    async send(action) {
      if (isSending) return;
      setState({ isSending: true, error: null });
      try {
        await action();
        setState(atRest);
      } catch (reason) {
        setState({ isSending: false, error: reason });
      }
    },
    reset: () => setState(atRest),
  };
}

const atRest = { isSending: false, error: null };
