import type { BookingEvent } from "@slotwire/contract";
import type { SharedState } from "./log-source.ts";
import type { Leap, Stretch } from "./stretch.ts";

/**
 * What the tabs of a browser tell each other. The name of their channel has a version, so that tabs
 * of another one never meet them.
 * ask    to the tab that holds the connection: say how it stands
 * retry  to the same: connect anew
 * state  from it: how the connection stands, and where it is, as a piece of the log without events
 * log    from it: a piece of the log
 * leap   from it: the log goes on from elsewhere
 */
export type TabMessage =
  | readonly ["ask"]
  | readonly ["retry"]
  | readonly ["state", SharedState, Stretch | null]
  | readonly ["log", Stretch]
  | readonly ["leap", Leap];

const statuses = ["connecting", "live", "reconnecting", "polling", "offline", "denied"];

type Fields = Readonly<Record<string, unknown>>;

/** Whether it makes sense. What does not is as if nobody had said it: positions tell what is missing. */
export function isTabMessage(data: unknown): data is TabMessage {
  const [kind, content, place] = Array.isArray(data) ? (data as unknown[]) : [];
  if (kind === "ask" || kind === "retry") return true;
  if (!isObject(content)) return false;
  if (kind === "log") return isStretch(content);
  if (kind === "leap") return isLeap(content);
  const { status, lastSyncedAt, error } = content;
  return (
    kind === "state" &&
    statuses.includes(status as string) &&
    isNullOr("number", lastSyncedAt) &&
    isNullOr("string", error) &&
    (place === null || isStretch(place))
  );
}

function isStretch(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { whose, from, to, events } = value;
  let last = from as number;
  return (
    isNullOr("string", whose) &&
    [from, to].every(Number.isSafeInteger) &&
    Array.isArray(events) &&
    (events as Partial<BookingEvent>[]).every((event) => {
      const isNext = isObject(event) && isObject(event.data) && Number(event.seq) > last;
      last = Number(event?.seq);
      return isNext;
    }) &&
    last <= (to as number)
  );
}

function isLeap({ whose, position, gap }: Fields): boolean {
  return (
    isNullOr("string", whose) &&
    (position === null || Number.isSafeInteger(position)) &&
    isObject(gap)
  );
}

const isNullOr = (type: string, value: unknown): boolean => value === null || typeof value === type;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
