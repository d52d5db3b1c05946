"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { BookingEvent } from "@slotwire/contract";
import { useEffect, useRef } from "react";
import { readBesideEvents } from "./read-beside-events.ts";

/** Events come in heaps: what they change is read once for all of them, and not too often. */
const PAUSE = 300;
const LEAST = 2_000;
const FIVE_MINUTES = 300_000;

/**
 * Calls `reload` first when events are listened to, and then whenever what was read may be out of date.
 * @param concerns whether an event may have changed it. Without it, no events are listened to, and what
 *   is read first is the caller's matter
 * @param every milliseconds after which it is read again anyway
 */
export function useReloads(
  client: SlotwireClient,
  reload: () => void,
  concerns: ((event: BookingEvent) => boolean) | undefined,
  every = FIVE_MINUTES,
  onLostConnection?: () => void,
): void {
  const latest = useRef({ concerns, reload, onLostConnection });
  useEffect(() => {
    latest.current = { concerns, reload, onLostConnection };
  });

  const isFollowing = concerns !== undefined;
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
    const onEvent = (event: BookingEvent): void => {
      if (latest.current.concerns?.(event) === true) soon();
    };
    const end = isFollowing
      ? readBesideEvents(
          client,
          { onEvent, onGap: soon, onLostConnection: () => latest.current.onLostConnection?.() },
          () => latest.current.reload(),
        )
      : undefined;
    addEventListener("focus", onVisible);
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      clearTimeout(timer);
      end?.();
      removeEventListener("focus", onVisible);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [client, isFollowing]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") reload();
    }, every);
    return () => clearInterval(timer);
  }, [reload, every]);
}
