import type {
  BookingActions,
  BookingListQuery,
  BookingResource,
  BookingStatus,
  CommandResource,
  ImportBooking,
  ImportedBooking,
  LinkBooking,
  List,
  PageQuery,
  RequestedCommand,
  TimelineResource,
  UnlinkedBooking,
  UnlinkedCount,
} from "@slotwire/contract";
import type { Calls, ChangeOptions, MakeMethod } from "./resource.ts";

/**
 * What came of a change. A booking that a source owns stays as it is until the source has made the
 * change: then `command` says what it was asked for.
 */
export interface ChangedBooking {
  readonly booking: BookingResource;
  /** Null when the change is made. */
  readonly command: CommandResource | null;
}

export interface NewTimes {
  /** RFC 3339. */
  readonly starts_at: string;
  readonly ends_at: string;
  readonly reason?: string;
}

export interface BookingsApi {
  /** Those of no customer, or without what of theirs they are about; each with suggestions. */
  unlinked(query?: Partial<PageQuery>): Promise<List<UnlinkedBooking>>;
  countUnlinked(): Promise<UnlinkedCount>;
  /** @param version the version that was looked at: another one is not linked */
  link(id: string, link: LinkBooking, version?: number): Promise<BookingResource>;
  unlink(id: string): Promise<BookingResource>;
  /** Takes it out of the unlinked, or puts it back. */
  dismissLink(id: string, isDismissed: boolean): Promise<BookingResource>;
  list(query?: Partial<BookingListQuery>): Promise<List<BookingResource>>;
  get(id: string): Promise<BookingResource>;
  /** What happened to it and which messages led to that, newest first. */
  timeline(id: string): Promise<TimelineResource>;
  /** Gets one booking from the source that it was made at, or, as a preview, tells of it alone. */
  import(booking: ImportBooking): Promise<ImportedBooking>;
  /** What the caller may do with it now. */
  actions(id: string): Promise<BookingActions>;
  cancel(id: string, body?: { reason?: string }, options?: ChangeOptions): Promise<ChangedBooking>;
  reschedule(id: string, times: NewTimes, options?: ChangeOptions): Promise<ChangedBooking>;
  setStatus(
    id: string,
    body: { status: BookingStatus; reason?: string },
    options?: ChangeOptions,
  ): Promise<ChangedBooking>;
}

type Answer = BookingResource | RequestedCommand;

const change =
  (what: string) =>
  (make: MakeMethod): ((...args: unknown[]) => Promise<ChangedBooking>) => {
    const call = make(`POST/:/${what}!`);
    return async (...args) => {
      const answer = await call<Answer>(...args);
      if (!("booking" in answer)) return { booking: answer, command: null };
      const { booking, ...command } = answer;
      return { booking, command };
    };
  };

export const bookingsCalls: Calls<BookingsApi> = {
  unlinked: "GET/unlinked?",
  countUnlinked: "GET/unlinked/count",
  link: "POST/:/link!",
  unlink: "DELETE/:/link",
  dismissLink: (make) => (id, isDismissed) =>
    make(`${isDismissed ? "POST" : "DELETE"}/:/dismiss-link`)(id),
  list: "GET?",
  get: "GET/:",
  timeline: "GET/:/timeline",
  import: "POST/import!",
  actions: "GET/:/actions",
  cancel: change("cancel"),
  reschedule: change("reschedule"),
  setStatus: change("status"),
};
