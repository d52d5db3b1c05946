import type { DeliveryAttemptResource } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { type TimingPartName, timingParts } from "./timing-parts.ts";

const words = outbound.attempt;
const colours: Readonly<Record<TimingPartName, string>> = {
  dns: "bg-busy",
  connect: "bg-info",
  tls: "bg-warn",
  wait: "bg-accent",
  read: "bg-line-strong",
};

/** Where an attempt's time went: a bar, and the same in numbers. */
export function TimingBar({ attempt }: { attempt: DeliveryAttemptResource }) {
  const parts = timingParts(attempt);
  if (parts.length === 0) return null;
  return (
    <div>
      <div aria-hidden="true" className="flex h-1.5 gap-px overflow-hidden rounded-full bg-sunken">
        {parts.map(({ name, ms }) => (
          <span
            key={name}
            className={colours[name]}
            style={{ flexGrow: ms, flexBasis: 0, minWidth: 2 }}
          />
        ))}
      </div>
      <ul aria-label={words.time} className="mt-1.5 flex flex-wrap gap-x-3 gap-y-0.5 text-xs">
        {parts.map(({ name, ms }) => (
          <li key={name} className="inline-flex items-center gap-1.5 text-muted">
            <span aria-hidden="true" className={`size-2 rounded-full ${colours[name]}`} />
            {words.parts[name]}
            <span className="text-ink tabular-nums">{t.deliveries.took(ms)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
