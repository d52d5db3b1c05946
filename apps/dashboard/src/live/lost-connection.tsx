import type { LiveStatus } from "@slotwire/client";
import { useLiveStatus } from "@slotwire/react";
import { useEffect, useState } from "react";
import { hub } from "../api/hub.ts";
import { t } from "../messages/messages.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

/** Shorter interruptions are not worth a word, in milliseconds. */
const patience = 5_000;

/** Says that what is shown may be out of date; what is shown stays. */
export function LostConnection() {
  const status = useLiveStatus();
  // One interruption, however often its state changes: its time must not begin anew.
  const isDown = status !== "idle" && status !== "live" && status !== "polling";
  return isDown ? <Notice text={wordsFor(status)} /> : null;
}

function wordsFor(status: LiveStatus): string {
  if (status === "denied") return t.live.hint.denied;
  return status === "offline" ? t.live.offline : t.live.lost;
}

function Notice({ text }: { text: string }) {
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(true), patience);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong) return null;
  return (
    <div
      role="alert"
      className="sticky top-0 z-20 flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-warn-soft px-4 py-2 text-sm text-warn sm:px-8"
    >
      <Icon name="warn" />
      <span className="min-w-0 flex-1">{text}</span>
      <Button icon="retry" onClick={() => hub.live.retry()}>
        {t.live.tryNow}
      </Button>
    </div>
  );
}
