"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";
import { useEffect, useRef } from "react";

/** Events come in heaps: what they change is read once for all of them, and not too often. */
const PAUSE = 300;
const LEAST = 2_000;
const FIVE_MINUTES = 300_000;

/**
 * Calls `reload` whenever what was read may be out of date.
 * @param concerns whether an event may have changed it
 * @param every milliseconds after which it is read again anyway
 */
export function useReloads(
  client: SlotwireClient,
  reload: () => void,
  concerns: (event: BookingEvent) => boolean,
  every = FIVE_MINUTES,
): void {
  const latest = useRef({ concerns, reload });
  useEffect(() => {
    latest.current = { concerns, reload };
  });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = Number.NEGATIVE_INFINITY;
    const soon = (): void => {
      const wait = Math.max(PAUSE, last + LEAST - performance.now());
      timer ??= setTimeout(() => {
        timer = undefined;
        last = performance.now();
        latest.current.reload();
      }, wait);
    };
    const onVisible = (): void => {
      if (document.visibilityState === "visible") soon();
    };
    let { status } = client.live.state;
    const onState = (): void => {
      const before = status;
      ({ status } = client.live.state);
      // What happened between the reading and the stream's beginning is on neither.
      if (status === "live" && before !== status) soon();
    };
    const ends = [
      client.live.subscribe({
        onEvent: (event) => {
          if (latest.current.concerns(event)) soon();
        },
        onGap: soon,
      }),
      client.live.watch(onState),
    ];
    addEventListener("focus", onVisible);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
      removeEventListener("focus", onVisible);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [client]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") reload();
    }, every);
    return () => clearInterval(timer);
  }, [reload, every]);
}
