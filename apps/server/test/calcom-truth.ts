import type { SimulatedBooking } from "./calcom-source.ts";

/** What the hub has to say of a booking when all messages have arrived. */
export interface Truth {
  readonly uid: string;
  readonly status: string;
  readonly times: readonly string[];
  readonly title: string;
  readonly location: string | null;
  readonly meetingUrl: string | null;
  readonly provider: string | null;
  readonly payment: string;
  readonly people: readonly string[];
  readonly metadata: unknown;
}

/** The form in which bookings are stored, as far as the truth goes. */
export interface ToldBooking {
  readonly refs: readonly {
    readonly kind: string;
    readonly externalId: string;
    readonly supersededAt: string | null;
  }[];
  readonly status: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly title: string;
  readonly location: string | null;
  readonly meetingUrl: string | null;
  readonly provider: { readonly email: string | null } | null;
  readonly paymentStatus: string;
  readonly attendees: readonly { readonly email: string | null; readonly status: string }[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The truth of the source. */
export function truthOfSource(booking: SimulatedBooking): Truth {
  const { location, metadata } = booking;
  const isPlace = location.startsWith("ul.");
  return {
    uid: booking.uids.at(-1) ?? "",
    status: booking.status,
    times: [booking.startsAt, booking.endsAt],
    title: booking.title,
    location: isPlace ? location : null,
    meetingUrl: location.startsWith("https:") ? location : null,
    provider: booking.host.email,
    payment: booking.payment,
    people: peopleOf(booking.people),
    metadata: { ...metadata, coat: "Long" },
  };
}

/** What the hub tells. The current uid is the one that is not superseded; there is just one. */
export function truthOfHub(booking: ToldBooking): Truth {
  const uids = booking.refs.filter(({ kind }) => kind === "uid");
  const answers = booking.metadata["answers"] as { coat?: { value: unknown } } | undefined;
  return {
    uid: uids
      .filter(({ supersededAt }) => supersededAt === null)
      .map(({ externalId }) => externalId)
      .join(),
    status: booking.status,
    times: [booking.startsAt, booking.endsAt],
    title: booking.title,
    location: booking.location,
    meetingUrl: booking.meetingUrl,
    provider: booking.provider?.email ?? null,
    payment: booking.paymentStatus,
    people: peopleOf(booking.attendees),
    metadata: { dog: booking.metadata["dog"], coat: answers?.coat?.value },
  };
}

function peopleOf(
  people: readonly { readonly email: string | null; readonly status: string }[],
): string[] {
  return people.map(({ email, status }) => `${email} ${status}`).toSorted();
}

export const byUid = (a: Truth, b: Truth): number => (a.uid < b.uid ? -1 : 1);
