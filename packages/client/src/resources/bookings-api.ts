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
import type { Transport } from "../transport.ts";

/**
 * What came of a change. A booking that a source owns stays as it is until the source has made the
 * change: then `command` says what it was asked for.
 */
export interface ChangedBooking {
  readonly booking: BookingResource;
  /** Null when the change is made. */
  readonly command: CommandResource | null;
}

export interface ChangeOptions {
  /** The only version that the change may be made to. */
  readonly ifVersion?: number;
  /** Makes a repeated request ask for nothing new. */
  readonly idempotencyKey?: string;
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

export function bookingsApi(transport: Transport): BookingsApi {
  const path = "/api/v1/bookings";
  const of = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  const change = async (
    url: string,
    body: object,
    options: ChangeOptions = {},
  ): Promise<ChangedBooking> => {
    const headers = headersOf(options);
    return changed(await transport.json<Answer>("POST", url, { body, headers }));
  };
  return {
    unlinked: (query = {}) => transport.json("GET", `${path}/unlinked`, { query }),
    countUnlinked: () => transport.json("GET", `${path}/unlinked/count`),
    link: (id, body, version) =>
      transport.json("POST", `${of(id)}/link`, {
        body,
        ...(version === undefined ? {} : { headers: { "if-match": `"${version}"` } }),
      }),
    unlink: (id) => transport.json("DELETE", `${of(id)}/link`),
    dismissLink: (id, isDismissed) =>
      transport.json(isDismissed ? "POST" : "DELETE", `${of(id)}/dismiss-link`),
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", of(id)),
    timeline: (id) => transport.json("GET", `${of(id)}/timeline`),
    import: (body) => transport.json("POST", `${path}/import`, { body }),
    actions: (id) => transport.json("GET", `${of(id)}/actions`),
    cancel: (id, body = {}, options) => change(`${of(id)}/cancel`, body, options),
    reschedule: (id, times, options) => change(`${of(id)}/reschedule`, times, options),
    setStatus: (id, body, options) => change(`${of(id)}/status`, body, options),
  };
}

type Answer = BookingResource | RequestedCommand;

function changed(answer: Answer): ChangedBooking {
  if (!("booking" in answer)) return { booking: answer, command: null };
  const { booking, ...command } = answer;
  return { booking, command };
}

function headersOf({ ifVersion, idempotencyKey }: ChangeOptions): Record<string, string> {
  return {
    ...(ifVersion === undefined ? {} : { "if-match": `"${ifVersion}"` }),
    ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
  };
}
