import { formatDateTime, formatShortDateTimeWithSeconds } from "../time/format-time.ts";
import { sentence } from "./sentence.ts";

/** How the hub writes times into what it says of messages: `2026-01-05 10:00 UTC`, … */
const minutes = /(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/g;
/** … and, where a second matters, instants. */
const instants = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;

/**
 * What the hub says of a message, as people read it: a line that begins with a capital, its times by
 * their own clock.
 * @param zone IANA zone in which times are told
 */
export function toldWords(words: string, zone: string): string {
  const told = words
    .replaceAll(minutes, (_, day: string, time: string) =>
      formatDateTime(`${day}T${time}:00Z`, zone),
    )
    .replaceAll(instants, (instant) => formatShortDateTimeWithSeconds(instant, zone));
  return sentence(told);
}
