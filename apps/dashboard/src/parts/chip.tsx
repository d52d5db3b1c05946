import { Icon, type IconName } from "./icon.tsx";

export type Tone = "ok" | "warn" | "info" | "busy" | "bad" | "quiet";

const colours: Readonly<Record<Tone, string>> = {
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  info: "bg-info-soft text-info",
  busy: "bg-busy-soft text-busy",
  bad: "bg-bad-soft text-bad",
  quiet: "bg-quiet-soft text-quiet",
};

/** How a state looks: what it says is the text beside it. */
export interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** A state as text, icon and colour. */
export function Chip({ look, children }: { look: Look; children: string }) {
  return (
    <span
      className={`inline-flex h-6 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap ${colours[look.tone]}`}
    >
      <Icon name={look.icon} className="size-3.5" />
      {children}
    </span>
  );
}
