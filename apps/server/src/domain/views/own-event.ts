import type { BookingEvent } from "@slotwire/contract";
import { isRecord } from "../is-record.ts";
import { isOwn, type Own } from "./view.ts";

/**
 * What an event is to a provider: of a booking that is theirs; the one by which a booking of theirs
 * became somebody else's; or none of their business. It follows from the event alone, so the log, its
 * pages and the stream agree whenever they are read.
 */
export type Ownership = "theirs" | "left" | "foreign";

/** Whose bookings an event is about: the provider's address after it, and before it. */
export interface EventProviders {
  readonly after: string | null;
  /** As after, unless the event changed it. */
  readonly before: string | null;
}

export function providersOf({ data }: Pick<BookingEvent, "data">): EventProviders {
  const after = data.booking?.provider?.email ?? null;
  const previous = data.previous ?? {};
  if ("provider" in previous) {
    const { provider } = previous;
    return { after, before: textOrNull(isRecord(provider) ? provider["email"] : null) };
  }
  // Plain SQL changes columns.
  const isColumn = "provider_email" in previous;
  return { after, before: isColumn ? textOrNull(previous["provider_email"]) : after };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function ownershipOf({ after, before }: EventProviders, own: Own | null): Ownership {
  if (isOwn(own, after)) return "theirs";
  return isOwn(own, before) ? "left" : "foreign";
}
