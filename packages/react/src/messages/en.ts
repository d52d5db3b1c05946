import type { BookingEvent } from "@slotwire/contract";
import { formatTime } from "../time/format-time.ts";
import { plural } from "./plural.ts";

/*
 * The texts in English, by component: each component imports its own, so that a page has those that it
 * shows. The other languages have the same shape.
 */

/** What numbers, dates and times are written by: 24 hours, the day before the month. */
const locale: string = "en-GB";

export const common = {
  retry: "Try again",
  loading: "Loading…",
  more: "Show more",
  close: "Close",
  stale: "This may be out of date.",
  lost: "The connection is lost.",
  zone: (zone: string) => `Times in ${zone}`,
  asOf: (time: string) => `This is how it was at ${time}.`,
  unreachable: "The hub did not answer. Check your connection.",
  signedOut: "You are signed out. Sign in again.",
  forbidden: "Your role does not include this. Ask an owner or admin.",
  missing: "It is not there any more.",
  busy: "The hub is busy. Wait a moment.",
  broken: "The hub failed. Tell whoever runs it if it fails again.",
  /** Where the hub refuses by a code that the language has no words for. English has the hub's own words. */
  refused: null as ((code: string) => string) | null,
  /** Why the hub refuses and what to do about it, by codes. */
  errors: {} as Readonly<Partial<Record<string, string>>>,
  join: "Join",
  newTab: (name: string) => `${name} (opens in a new tab)`,
  length: (hours: number, minutes: number) =>
    [hours > 0 && `${hours} h`, (minutes > 0 || hours === 0) && `${minutes} min`]
      .filter(Boolean)
      .join(" "),
};

export const connection = {
  idle: "Not connected",
  connecting: "Connecting…",
  live: "Live",
  reconnecting: "Reconnecting…",
  polling: "Live, slower",
  offline: "Offline",
  denied: "Access denied",
};

export const calCom = {
  search: "Who is the visit for?",
  searchHint: "Pet or owner",
  pets: "Pets",
  found: (count: number) => plural(locale, count, { other: "# found" }),
  more: "There are more: type to find them.",
  noPet: "no pet",
  loadingPets: "Looking…",
  nobody: "There are no customers yet. Add one with a pet, then book.",
  noMatch: (query: string) => `No pet or owner matches “${query}”.`,
  petsFailed: "The pets could not be loaded.",
  retry: "Try again",
  bookingFor: "Booking for",
  change: "Change",
  loadingForm: "Loading the booking form…",
  formTitle: (name: string) => `Booking form for ${name}`,
  blocked: "The booking form could not be loaded: the connection or a blocker keeps it away.",
  unavailable: "Cal.com does not offer this booking form here.",
  slow: "The booking form takes long to load.",
  openForm: "Open the filled booking page",
};

export const statuses = {
  pending: "Unconfirmed",
  confirmed: "Confirmed",
  checked_in: "Checked in",
  in_progress: "In progress",
  completed: "Completed",
  no_show: "No-show",
  cancelled: "Cancelled",
  rejected: "Declined",
  /** Of a meeting in a customer's history. */
  scheduled: "Scheduled",
  held: "Took place",
};

export const upcoming = {
  title: "Upcoming bookings",
  empty: "No upcoming bookings in the CRM",
  failed: "The bookings could not be loaded.",
};

export const bookingsTab = {
  title: "Bookings",
  empty: "No bookings yet",
  failed: "The bookings could not be loaded.",
  meeting: "Meeting link",
  upcoming: (when: string) => `Upcoming ${when}`,
};

export const tasks = {
  title: "Tasks",
  empty: "Nothing to do",
  failed: "The tasks could not be loaded.",
  notSaved: "This could not be saved.",
  overdue: (when: string) => `Overdue: was due ${when}`,
  due: (when: string) => `Due ${when}`,
  undo: "Undo",
  undoOf: (task: string) => `Undo: ${task}`,
  hideDone: (count: number) => plural(locale, count, { other: "Hide # done" }),
  open: (count: number) => plural(locale, count, { one: "# task to do", other: "# tasks to do" }),
  priority: { low: "Low", medium: "Medium", high: "High priority" },
};

export const quickAdd = {
  open: "Add from booking",
  title: "Add from a booking",
  id: "Booking id",
  hint: "As in the booking's address or e-mail.",
  looking: "Looking for the booking…",
  which: "Several sources can be asked. Where was it made?",
  notFound: "No booking has this id at its source. Copy the id again.",
  failed: "The booking could not be looked up.",
  when: "When",
  where: "Where",
  customer: "Customer",
  known: (number: string) => `The hub knows it already, as booking ${number}.`,
  import: "Import to CRM",
  importing: "Importing…",
  notImported: "It could not be imported.",
  imported: (number: string) => `Imported as booking ${number}.`,
  another: "Add another",
};

export const change = {
  title: "Change the status",
  failed: "The booking could not be loaded.",
  number: (number: string) => `Booking ${number}`,
  /** By the state that they lead to. */
  moves: {
    pending: "Unconfirmed",
    confirmed: "Confirm",
    checked_in: "Check in",
    in_progress: "Start",
    completed: "Finish",
    no_show: "No-show",
    rejected: "Decline",
    cancelled: "Cancel the booking",
  },
  correct: (status: string) => `Correct to: ${status}`,
  choose: "New status",
  reason: "Reason",
  reasonHint: "Kept with the booking. May be left empty.",
  reasonHintAt: (source: string) => `${source} may show it to the customer. May be left empty.`,
  submit: "Change status",
  sending: "Sending…",
  atSource: (source: string) =>
    `${source} owns this booking: it is asked, and the status changes when it has answered.`,
  noKey: (source: string) =>
    `${source} owns this booking. Give its connection an API key to change it from here.`,
  paused: (source: string) => `${source} owns this booking, and its connection is paused.`,
  unsupported: "It can only be changed in the system that owns it.",
  nothing: "Nothing can be changed in its present state.",
  notAllowed: "Your role shows this booking, and does not change it.",
  done: (status: string) => `Saved: ${status}.`,
  notDone: "It was not changed.",
  conflict: (status: string) =>
    `Somebody else changed this booking meanwhile. Look at it, then try again. Its status is: ${status}.`,
  pending: (source: string) => `${source} was asked, and has not done it yet.`,
  notSent: "Not sent yet",
  sent: "Sent; the answer is awaited",
  accepted: "Accepted; its effect is awaited",
  withdraw: "Withdraw",
  refused: (source: string) => `${source} did not do it; the booking is as it was.`,
  deliveries: "Who is told",
  delivery: { pending: "pending", delivered: "delivered", failing: "failing" },
  retry: "Retry",
  retryOf: (destination: string) => `Retry: ${destination}`,
};

export const dayBoard = {
  bookings: (count: number) => plural(locale, count, { one: "# booking", other: "# bookings" }),
  unconfirmed: (count: number) => plural(locale, count, { other: "# unconfirmed" }),
  cancelled: (count: number) => plural(locale, count, { other: "# cancelled" }),
  show: "show",
  hide: "hide",
  failed: "The day could not be loaded.",
  empty: "No bookings on this day",
  now: "Now",
  free: (length: string) => `${length} free`,
  nobody: "Without a provider",
  untitled: "Booking without a title",
  more: (count: number) => `+${count} more`,
  columns: "Show columns",
  others: (count: number) => `+${count}`,
  allergies: (list: string) => `Allergies: ${list}`,
  keys: "Arrow keys lead from booking to booking, Enter opens one.",
  move: "Move…",
  moveOf: (who: string) => `Move the booking of ${who}`,
  day: "Day",
  start: "Start",
  until: (end: string) => `Ends at ${end}; it stays as long as it is.`,
  noTime: "Choose a day and a time that clocks show.",
  reason: "Reason",
  keep: "Keep as it is",
  moveNow: "Move",
  moving: "Moving…",
  notMoved: "It was not moved.",
  conflict: "Somebody else changed this booking meanwhile. Look at it, then try again.",
  pending: (source: string, when: string) => `${source} is asked to move it to ${when}`,
  asked: (source: string, what: string) => `${source} is asked: ${what}`,
  kinds: {
    confirm: "confirm",
    reject: "decline",
    reschedule: "move",
    no_show: "no-show",
    cancel: "cancel",
  },
  refused: (source: string) => `${source} did not move it. It is where it was.`,
  cannot: "It is over, or can only be moved in the system that owns it.",
  moved: (when: string) => `Moved to ${when}.`,
};

export const events = {
  title: "Live events",
  ofBooking: "Events of this booking",
  ofUser: "Events of your bookings",
  ofMember: "Events of a member's bookings",
  empty: "Nothing has happened yet. What happens shows up here by itself.",
  noMatch: "No event matches.",
  kind: "Kind",
  allKinds: "All kinds",
  search: "Search",
  paused: "Paused",
  pause: "Pause",
  resume: "Resume",
  clear: "Clear",
  export: (format: string) => `Export as ${format}`,
  toasts: "Messages",
  dismiss: (what: string) => `Dismiss: ${what}`,
  lost: common.lost,
  /** Said in its place when the hub refuses; why comes behind it. */
  refused: "No new events come here.",
  /** Why nothing comes; `why` are the hub's own words. */
  denied: (why: string) => why,
  asOf: common.asOf,
  gap: "Some events are missing here: the log does not reach back to them.",
  shown: (count: number) => plural(locale, count, { one: "# event", other: "# events" }),
  by: (who: string) => `by ${who}`,
  changesOf: (count: number, who: string) =>
    plural(locale, count, {
      one: `# change to the booking of ${who}`,
      other: `# changes to the booking of ${who}`,
    }),
  changes: (count: number) =>
    plural(locale, count, { one: "# change to bookings", other: "# changes to bookings" }),
  /**
   * What an event says, in a sentence. In English the hub's, but for the time in it.
   * @param zone of the time: an IANA name; the booking's own without one
   */
  describe: ({ description, data: { booking } }: BookingEvent, zone?: string | null): string =>
    description.replace(/^(\D+\d+ [a-z ]+)[A-Z].+?:\d\d/, (told, start: string) =>
      booking === undefined
        ? told
        : start + formatTime("full", booking.starts_at, locale, zone ?? booking.time_zone),
    ),
  /** The first words of the name of a file with events. */
  file: "booking-events",
  /** The columns of such a file. */
  columns: {
    seq: "seq",
    occurred_at: "occurred_at",
    type: "type",
    booking_number: "booking_number",
    booking_id: "booking_id",
    description: "description",
    old_status: "old_status",
    new_status: "new_status",
    actor: "actor",
  },
  /** Who made a change, where nobody has a name. */
  actors: {
    user: "user",
    api_key: "API key",
    connection: "source",
    system: "system",
    customer: "customer",
  },
  types: {
    "booking.created": "Booked",
    "booking.confirmed": "Confirmed",
    "booking.rescheduled": "Moved",
    "booking.updated": "Changed",
    "booking.cancelled": "Cancelled",
    "booking.rejected": "Declined",
    "booking.checked_in": "Checked in",
    "booking.started": "Started",
    "booking.completed": "Completed",
    "booking.no_show": "No-show",
    "booking.no_show_cleared": "Not a no-show",
    "booking.reinstated": "Reinstated",
    "booking.reassigned": "Reassigned",
    "booking.deleted": "Deleted",
    "booking.payment_updated": "Payment",
    "booking.customer_linked": "Customer linked",
    "booking.subject_linked": "Pet linked",
  },
};

/** All texts in English. */
export const en = {
  locale,
  common,
  connection,
  calCom,
  statuses,
  upcoming,
  bookingsTab,
  tasks,
  quickAdd,
  change,
  dayBoard,
  events,
};

/** The texts of a language: what `SlotwireProvider` takes as its `language`. */
export type Language = typeof en;
