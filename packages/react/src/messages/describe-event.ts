import type { BookingEvent, BookingEventType } from "@slotwire/contract";
import { formatTime } from "../time/format-time.ts";

/** What is said of a booking. `name` is its number; `more` is a time, another number, or fields. */
type Sentence = (name: string, more: string) => string;

/** The sentences that a language says events by. */
export interface EventSentences {
  readonly types: Readonly<Record<BookingEventType, Sentence>>;
  /** Of a booking that was over when it was first heard of: behind the sentence. */
  readonly over: Readonly<Record<"cancelled" | "rejected", string>>;
  /** It was joined with another, as both were one visit. */
  readonly joined: Sentence;
  readonly customerUnlinked: Sentence;
  readonly subjectUnlinked: Sentence;
  /** Another id of it became known; `andAnotherId` stands behind a sentence. */
  readonly anotherId: Sentence;
  readonly andAnotherId: string;
  /** It is no longer the reader's to see. */
  readonly left: Sentence;
  /** What the fields of a booking are called. */
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Says events in another language than the hub does, from what they carry. The same is told as in their
 * `description`, with times in the zone that is given, or the booking's.
 */
export function describeBy(
  locale: string,
  sentences: EventSentences,
): (event: BookingEvent, zone?: string | null) => string {
  return ({ type, booking_number: number, changed_fields: changed, data: { booking } }, zone) => {
    const name = `#${number}`;
    const { [type]: say } = sentences.types;
    if (booking === undefined) return sentences.left(name, "");
    const { starts_at: at, time_zone: own, status, status_reason: reason } = booking;
    const when = formatTime("full", at, locale, zone ?? own);
    const over = status === "cancelled" || status === "rejected" ? status : null;
    const because = reason === null || over === null ? "" : `: ${reason}`;
    switch (type) {
      case "booking.created":
        return `${say(name, when)}${over === null ? "" : sentences.over[over]}${because}`;
      case "booking.cancelled":
      case "booking.rejected":
        return `${say(name, when)}${because}`;
      case "booking.deleted": {
        const other = /^merged into (#\d+)$/.exec(reason ?? "")?.[1];
        return other === undefined ? say(name, when) : sentences.joined(name, other);
      }
      case "booking.customer_linked":
        return booking.customer === null ? sentences.customerUnlinked(name, "") : say(name, "");
      case "booking.subject_linked":
        return booking.subjects.length === 0 ? sentences.subjectUnlinked(name, "") : say(name, "");
      case "booking.updated":
        return sayUpdate(name, changed, sentences);
      default:
        // One that a newer hub knows is told by its number.
        return (say as Sentence | undefined)?.(name, when) ?? name;
    }
  };
}

function sayUpdate(name: string, changed: readonly string[], sentences: EventSentences): string {
  const { fields, types, anotherId, andAnotherId } = sentences;
  const known = changed.filter((field) => field !== "external_refs");
  const hasNewId = known.length < changed.length;
  if (known.length === 0 && hasNewId) return anotherId(name, "");
  const words = new Set(known.flatMap((field) => fields[field] ?? []));
  const what = words.size === 0 ? "" : ` (${[...words].join(", ")})`;
  return `${types["booking.updated"](name, what)}${hasNewId ? andAnotherId : ""}`;
}
