"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { CommandResource } from "@slotwire/contract";
import { useEffect, useRef } from "react";

/** What sources were asked for is looked at this often, in milliseconds: a refusal is no event. */
const OFTEN = 3_000;

/**
 * Looks at commands until they are no longer among those that are asked for, and at once when something
 * happens to a booking.
 * @param ids of the commands
 */
export function useAwaitedCommands(
  client: SlotwireClient,
  ids: readonly string[],
  onCommand: (command: CommandResource) => void,
): void {
  const latest = useRef(onCommand);
  useEffect(() => {
    latest.current = onCommand;
  });
  const key = ids.join();
  useEffect(() => {
    if (key === "") return;
    let isCurrent = true;
    const look = (): void => {
      for (const id of key.split(",")) {
        // What fails now is looked at again.
        client.commands.get(id).then(
          (command) => isCurrent && latest.current(command),
          () => {},
        );
      }
    };
    const timer = setInterval(look, OFTEN);
    const end = client.live.subscribe({ onEvent: look });
    return () => {
      isCurrent = false;
      clearInterval(timer);
      end();
    };
  }, [client, key]);
}
