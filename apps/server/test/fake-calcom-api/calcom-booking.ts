/** A booking as the rows of a Cal.com have it. Times are RFC 3339 with milliseconds. */
export interface CalcomRow {
  readonly id: number;
  readonly uid: string;
  title: string;
  status: "ACCEPTED" | "PENDING" | "CANCELLED" | "REJECTED";
  readonly start: string;
  readonly end: string;
  location: string;
  readonly note: string;
  readonly eventType: CalcomEventType;
  host: CalcomHost;
  attendees: CalcomAttendee[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly answers: Readonly<Record<string, string>>;
  readonly icsUid: string;
  sequence: number;
  /** The uid that this booking took the place of. */
  readonly from: string | null;
  /** Whether it was cancelled to be rescheduled. */
  isRescheduled: boolean;
  readonly seriesUid: string | null;
  cancellationReason: string | null;
  cancelledBy: string | null;
  rejectionReason: string | null;
  readonly createdAt: string;
  updatedAt: string | null;
}

export interface CalcomEventType {
  readonly id: number;
  readonly slug: string;
  readonly minutes: number;
  readonly needsApproval: boolean;
  /** How many seats it has; null when it is not shared. */
  readonly seats: number | null;
}

export interface CalcomHost {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly username: string;
  readonly timeZone: string;
}

export interface CalcomAttendee {
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly seatUid: string | null;
  isAbsent: boolean;
}

const timeZone = "Europe/Stockholm";

export const defaultHost: CalcomHost = {
  id: 7,
  name: "Ewa Nowak",
  email: "ewa@barkbook.example",
  username: "ewa",
  timeZone,
};

export const grooming: CalcomEventType = {
  id: 41,
  slug: "grooming-60",
  minutes: 60,
  needsApproval: false,
  seats: null,
};

export const onRequest: CalcomEventType = {
  ...grooming,
  id: 42,
  slug: "request",
  needsApproval: true,
};
export const puppyClass: CalcomEventType = { ...grooming, id: 43, slug: "puppies", seats: 6 };
