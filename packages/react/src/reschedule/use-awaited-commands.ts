"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { CommandResource } from "@slotwire/contract";
import { useEffect, useRef } from "react";

/** What sources were asked for is looked at this often, in milliseconds: a refusal is no event. */
const OFTEN = 3_000;

/**
 * Looks at commands until they are no longer among those that are asked for, and at once when something
 * happens to their booking.
 */
export function useAwaitedCommands(
  client: SlotwireClient,
  awaited: readonly CommandResource[],
  onCommand: (command: CommandResource) => void,
): void {
  const latest = useRef({ awaited, onCommand });
  useEffect(() => {
    latest.current = { awaited, onCommand };
  });
  const key = awaited.map(({ id }) => id).join();
  useEffect(() => {
    if (key === "") return;
    let isCurrent = true;
    const look = (bookingId?: string): void => {
      for (const { id, booking_id: of } of latest.current.awaited) {
        if (bookingId !== undefined && bookingId !== of) continue;
        // What fails now is looked at again.
        client.commands.get(id).then(
          (command) => isCurrent && latest.current.onCommand(command),
          () => {},
        );
      }
    };
    const timer = setInterval(look, OFTEN);
    const end = client.live.subscribe({ onEvent: (event) => look(event.booking_id) });
    return () => {
      isCurrent = false;
      clearInterval(timer);
      end();
    };
  }, [client, key]);
}
