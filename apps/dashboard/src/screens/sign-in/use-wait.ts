import { ApiError } from "@slotwire/client";
import { useEffect, useState } from "react";

/**
 * Counts down after a call that the hub refused because there were too many.
 * @returns the seconds until it may be tried again, or 0
 */
export function useWait(error: unknown): number {
  const seconds = waitOf(error);
  const [passed, setPassed] = useState({ since: error, seconds: 0 });
  useEffect(() => {
    if (seconds === 0) return undefined;
    const start = performance.now();
    const timer = setInterval(() => {
      const now = Math.floor((performance.now() - start) / 1000);
      setPassed({ since: error, seconds: now });
      if (now >= seconds) clearInterval(timer);
    }, 500);
    return () => clearInterval(timer);
  }, [error, seconds]);
  return passed.since === error ? Math.max(0, seconds - passed.seconds) : seconds;
}

function waitOf(error: unknown): number {
  if (!(error instanceof ApiError) || error.code !== "E_RATE_LIMITED") return 0;
  return Math.max(1, Math.ceil(error.retryAfterSeconds ?? 60));
}
