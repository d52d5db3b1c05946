import type { BookingResource } from "@slotwire/contract";
import { t } from "../../messages/messages.ts";

/** How a booking is called in a list. */
export interface Who {
  /** The person who comes, or the title where no one is named. */
  readonly name: string;
  /** How many more come. */
  readonly others: number;
  /** What it is about, shorter than the title where that says nothing more; null when it is the name. */
  readonly about: string | null;
}

/** Names a booking by who comes: people at a desk look for a name, not for a title. */
export function who(booking: BookingResource): Who {
  const coming = booking.attendees.filter((attendee) => attendee.status !== "cancelled");
  const people = coming.length > 0 ? coming : booking.attendees;
  const first = people[0];
  const title = booking.title === "" ? null : booking.title;
  const name = booking.customer?.name ?? first?.name ?? first?.email ?? first?.phone ?? null;
  return {
    name: name ?? title ?? t.booking.untitled,
    others: Math.max(0, people.length - 1),
    about: name === null ? null : aboutOf(booking, title, name),
  };
}

/**
 * Cal.com's own titles are made of what stands beside them anyway: "Consultation between Ewa Nowak
 * and Jan Kowalski". The service alone says as much.
 */
function aboutOf(booking: BookingResource, title: string | null, name: string): string | null {
  const service = booking.service?.name ?? null;
  if (title === null || service === null) return title ?? service;
  return title.startsWith(service) && title.includes(name) ? service : title;
}
