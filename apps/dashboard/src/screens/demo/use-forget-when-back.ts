import { ApiError } from "@slotwire/client";
import { useLiveStatus } from "@slotwire/react";
import { useEffect, useRef } from "react";

/** Something that was asked of the hub. */
export interface Forgettable {
  readonly error: unknown;
  readonly reset: () => void;
}

/** Takes back that the hub could not be reached once it is there again; what it refused stays. */
export function useForgetWhenBack({ error, reset }: Forgettable): void {
  const status = useLiveStatus();
  const isReached = status === "live" || status === "polling";
  const wasReached = useRef(isReached);
  useEffect(() => {
    const isBack = isReached && !wasReached.current;
    wasReached.current = isReached;
    if (isBack && error !== null && !(error instanceof ApiError)) reset();
  }, [isReached, error, reset]);
}
