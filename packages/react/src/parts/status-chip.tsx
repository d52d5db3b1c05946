"use client";

import type { ReactElement } from "react";
import { type Language, statuses } from "../messages/en.ts";
import { useWords } from "../use-words.ts";

type Status = keyof Language["statuses"];

/**
 * Tone and icon of each state; nobody has to tell colours apart. Those of bookings are in the order of the day,
 * and what takes a booking away comes last.
 */
const looks: Readonly<Record<Status, readonly [tone: string, icon: string]>> = {
  pending: ["warn", "?"],
  confirmed: ["ok", "✓"],
  checked_in: ["info", "⚑"],
  in_progress: ["info", "▶"],
  completed: ["quiet", "✓"],
  no_show: ["bad", "∅"],
  rejected: ["bad", "✕"],
  cancelled: ["quiet", "✕"],
  scheduled: ["info", "◷"],
  held: ["quiet", "✓"],
};

/** Where a state stands in that order. */
export const placeOf = (status: Status): number => Object.keys(looks).indexOf(status);

export const toneOf = (status: Status): string => looks[status][0];

/** The state of a booking as text, icon and colour. */
export function StatusChip({ status }: { readonly status: Status }): ReactElement {
  const words = useWords("statuses", statuses);
  const [tone, icon] = looks[status];
  return (
    <Chip tone={tone} icon={icon}>
      {words[status]}
    </Chip>
  );
}

/** A word with its icon, in a colour: `ok`, `warn`, `bad`, `info` or `quiet`. */
export function Chip({
  tone,
  icon,
  children,
}: {
  readonly tone: string;
  readonly icon: string;
  readonly children: string;
}): ReactElement {
  return (
    <span className="sw-chip" data-tone={tone}>
      <span aria-hidden="true">{icon} </span>
      {children}
    </span>
  );
}
