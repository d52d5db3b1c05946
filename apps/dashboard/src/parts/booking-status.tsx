import type { BookingStatus } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import { Chip, type Look, type Tone } from "./chip.tsx";

const looks: Readonly<Record<BookingStatus, Look>> = {
  pending: { tone: "warn", icon: "question" },
  confirmed: { tone: "ok", icon: "check" },
  checked_in: { tone: "info", icon: "arrived" },
  in_progress: { tone: "busy", icon: "play" },
  completed: { tone: "quiet", icon: "done" },
  no_show: { tone: "bad", icon: "absent" },
  cancelled: { tone: "quiet", icon: "cross" },
  rejected: { tone: "bad", icon: "barred" },
};

const spines: Readonly<Record<Tone, string>> = {
  ok: "bg-ok",
  warn: "bg-warn",
  info: "bg-info",
  busy: "bg-busy",
  bad: "bg-bad",
  quiet: "bg-line-strong",
};

/** The state of a booking as text, icon and colour. */
export function BookingStatusChip({ status }: { status: BookingStatus }) {
  return <Chip look={looks[status]}>{t.booking.status[status]}</Chip>;
}

/** The class that gives a booking's line its colour. */
export function spineColour(status: BookingStatus): string {
  return spines[looks[status].tone];
}
