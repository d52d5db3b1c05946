import type { ConnectionResource } from "@slotwire/contract";
import { useEffect, useState } from "react";
import { access } from "../../messages/access.ts";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { relativeTime } from "../../time/relative-time.ts";
import { type ConnectionState, isSettingUp, stateOf } from "./connection-state.ts";

const looks: Readonly<
  Record<ConnectionState["is"], { readonly colours: string; readonly icon: IconName }>
> = {
  paused: { colours: "bg-warn-soft text-warn", icon: "pause" },
  waiting: { colours: "bg-info-soft text-info", icon: "clock" },
  refused: { colours: "bg-bad-soft text-bad", icon: "warn" },
  arrived: { colours: "bg-ok-soft text-ok", icon: "check" },
  working: { colours: "text-ok", icon: "check" },
};

/** Whether messages arrive at a connection. It changes by itself, and news of it is read out. */
export function Arrival({ connection }: { connection: ConnectionResource }) {
  const now = useSeconds();
  const state = stateOf(connection, now, useFirstArrival(connection, now));
  const { colours, icon } = looks[state.is];
  const [title, hint] = wordsOn(state, now);
  const isPlain = state.is === "working";
  return (
    <div
      data-connection-state={state.is}
      className={`flex gap-2.5 rounded-lg text-sm ${isPlain ? "" : "px-3 py-2.5"} ${colours}`}
    >
      {state.is === "waiting" ? (
        <span className="grid size-4 shrink-0 place-items-center pt-1" aria-hidden="true">
          <span className="size-2.5 animate-pulse-soft rounded-full bg-current" />
        </span>
      ) : (
        <Icon name={icon} className="mt-0.5 size-4" />
      )}
      <span className="min-w-0">
        <span className={isPlain ? "" : "block font-medium"}>{title}</span>
        {hint !== null && <span className="block">{hint}</span>}
      </span>
      {/* Without the time, which would be read out every second. */}
      <output className="sr-only">
        {state.is === "arrived" && access.connections.arrivedSpoken}
        {state.is === "refused" && access.connections.refusedSpoken}
      </output>
    </div>
  );
}

function wordsOn(state: ConnectionState, now: number): [title: string, hint: string | null] {
  const words = access.connections;
  switch (state.is) {
    case "paused":
      return [words.paused, words.pausedHint];
    case "waiting":
      return [words.waiting, words.waitingHint];
    case "refused":
      return [
        words.refused(relativeTime(state.at, now)),
        words.refusals[state.code] ?? words.refusedOther(state.code),
      ];
    case "arrived":
      return [words.firstArrived(secondsAgo(state.at, now)), null];
    case "working":
      return [words.last(relativeTime(state.at, now)), null];
  }
}

/** To the second while it is fresh. The hub's clock may be ahead of the browser's. */
function secondsAgo(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  if (seconds < 1) return access.connections.agoNow;
  if (seconds < 60) return access.connections.agoSeconds(seconds);
  return relativeTime(new Date(at).toISOString(), now);
}

/** When the page saw the connection's first message come in; null when it was there before. */
function useFirstArrival(connection: ConnectionResource, now: number): number | null {
  const isWaiting = isSettingUp(connection);
  const [seen, setSeen] = useState<"waiting" | "nothing" | number>(
    isWaiting ? "waiting" : "nothing",
  );
  if (isWaiting && seen === "nothing") setSeen("waiting");
  if (connection.last_message_at !== null && seen === "waiting") setSeen(now);
  return typeof seen === "number" ? seen : null;
}

/** The time in milliseconds since the epoch, again every second. */
function useSeconds(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
