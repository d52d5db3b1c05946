import type { ChangeRefs } from "../../domain/booking.ts";
import type {
  Ask,
  ConnectorChange,
  Interpretation,
  InterpretContext,
  NamedRecords,
} from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { lostTime, warningOf } from "../losses.ts";
import { readCalendarFile } from "./calendar-file.ts";
import { lossesOf } from "./fields.ts";
import type { CalcomBooking } from "./schema.ts";
import type { CalcomSettings } from "./settings.ts";

/** Largest value of the column that keeps the sequence. */
const MAX_SEQUENCE = 2_147_483_647;

/** A message whose booking could be read. */
export interface Message {
  readonly trigger: string;
  readonly booking: CalcomBooking;
  readonly refs: ChangeRefs;
  readonly occurredAt: string;
  /** When it says that it was said, unread; undefined where something else decides. */
  readonly saidAt: unknown;
  readonly context: InterpretContext;
  readonly settings: CalcomSettings;
}

/** What it says, beside whom and when. */
export type Said = Omit<ConnectorChange, "refs" | "occurredAt" | "sourceSequence">;

/** Says nothing about the state. */
export const silent = {
  status: null,
  sourceStatus: null,
  statusReason: null,
  cancelledBy: null,
} as const;

/** The change that a message stands for, with what goes beside it. */
export function toInterpretation(
  { trigger, booking, refs, occurredAt, saidAt }: Message,
  said: Said,
  beside: {
    readonly asks?: readonly Ask[];
    readonly named?: NamedRecords | null;
    /** What the summary says beyond the change's own words. */
    readonly ending?: string;
  } = {},
): Interpretation {
  const change: ConnectorChange = {
    ...said,
    refs,
    occurredAt,
    sourceSequence: sequenceOf(booking),
  };
  const { asks = [], named = null, ending = "" } = beside;
  return {
    outcome: "change",
    trigger,
    change,
    summary: `${describeChange(change)}${ending}`,
    ...(named === null ? {} : { named }),
    ...(asks.length === 0 ? {} : { asks }),
    ...warningOf([lostTime("createdAt", saidAt), ...lossesOf(booking)]),
  };
}

/** Cal.com raises it with every reschedule and cancellation. */
function sequenceOf(booking: CalcomBooking): number | null {
  const { iCalSequence } = booking;
  if (typeof iCalSequence !== "number") {
    return readCalendarFile(booking.organizerIcsContent ?? booking.attendeeIcsContent).sequence;
  }
  const isSequence = Number.isInteger(iCalSequence) && iCalSequence >= 0;
  return isSequence && iCalSequence <= MAX_SEQUENCE ? iCalSequence : null;
}
