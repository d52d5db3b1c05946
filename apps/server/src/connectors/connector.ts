import type { AuthMode, FieldReading, Mapping, SampleField } from "@slotwire/contract";
import type { z } from "zod";
import type { BookingChange, BookingFields } from "../domain/booking.ts";
import type { NamedRecords } from "../domain/match-customer.ts";
import type { ErrorCode } from "../errors.ts";

/** A message as it came over the wire. */
export interface RawMessage {
  readonly body: Buffer;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** When the hub received it, UTC. */
  readonly receivedAt: Date;
  /** The address that it was posted to, as its source knows it; absent when that does not count. */
  readonly url?: string;
}

/** The verdict over a message's signature. Anything but `valid` keeps the message out. */
export type SignatureVerdict = "valid" | "missing" | "invalid";

/** What a connector made of a message. */
export type Interpretation =
  /** It changes one booking. */
  | {
      readonly outcome: "change";
      readonly trigger: string;
      readonly change: ConnectorChange;
      readonly summary: string;
      /** Records of the hub that it names beside the booking; absent for none. */
      readonly named?: NamedRecords;
      /** What people should see to, although it is understood; absent for nothing. */
      readonly warning?: string;
      /** What has to be done beside the change; absent for nothing. */
      readonly asks?: readonly Ask[];
      /**
       * The id by which the source's API tells more of it. Where the connection has a key that is
       * asked first, and this change counts when it cannot be. Absent when the message says it all.
       */
      readonly detailsId?: string;
    }
  /** It says too little by itself: the source's API is to be asked about this id. */
  | {
      readonly outcome: "fetch";
      readonly trigger: string;
      readonly summary: string;
      readonly id: string;
    }
  /** It is understood, and nothing has to happen to a booking. */
  | {
      readonly outcome: "ignored";
      readonly trigger: string | null;
      readonly reason: string;
      /** It says too little to be about anything, which its source should see to. Absent otherwise. */
      readonly code?: ErrorCode;
      readonly asks?: readonly Ask[];
    }
  /** It cannot be understood; it is kept and can be processed again after a fix. */
  | {
      readonly outcome: "failed";
      readonly trigger: string | null;
      readonly code: ErrorCode;
      readonly reason: string;
      /** It is no mistake: the message waits until somebody has said what it means. */
      readonly waits?: true;
    };

/** What a message asks of the hub beside the change of its booking. */
export type Ask =
  /** It speaks of more bookings than it names: the source's API is to be compared. */
  | {
      readonly kind: "reconcile";
      /** The bookings that it may be about: those of this series, or this one by its uid. */
      readonly scope: { readonly seriesRef: string } | { readonly uid: string };
      readonly reason: string;
      /** Another message is to bring what is asked for: when it has come, nothing is compared. */
      readonly unlessTold?: true;
    }
  /** People should see to something. */
  | { readonly kind: "alert"; readonly code: SourceAlertCode; readonly detail: string };

/** What sources tell that people should see to. */
export type SourceAlertCode =
  | "calendar_entry_rejected"
  | "calendars_differ"
  | "credential_failing"
  | "host_no_show";

export type { NamedRecords };

/** A change as a connector sees it: who and where it came from is added by the inbox. */
export type ConnectorChange = Omit<
  BookingChange,
  "connectionId" | "actor" | "bookingId" | "backfill"
> & {
  /**
   * The booking by the hub's own id, which its source was told: then it is no word of an owner, but
   * what somebody there wants, and the rules for people's changes hold. Absent where `refs` find it.
   */
  readonly hubBookingId?: string;
};

/** What a connector's `interpret` may know beside the message itself. */
export interface InterpretContext {
  readonly receivedAt: Date;
  /** IANA zone of the organisation, for sources that name none. */
  readonly timeZone: string;
  /** The connection's settings, as its connector's schema reads them. */
  readonly settings: ConnectionSettings;
  /** Those of the message's headers that the connector keeps, in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** Settings of a connection: each connector has a schema of its own, and reads them by it. */
export type ConnectionSettings = Readonly<Record<string, unknown>>;

/** One outside system: pure mapping from its messages to booking changes. */
export interface Connector {
  /** Kind of connection that it serves, for example `calcom`. */
  readonly kind: string;
  /** The product's name for people. */
  readonly label: string;
  readonly capabilities: ConnectorCapabilities;
  /** No product: only a hub that shows itself offers it to people. Default: false. */
  readonly isSimulated?: boolean;
  /** The setting that may hold the default organisation's secret; null for none. */
  readonly secretSetting: string | null;
  /** The setting that may hold the key of its API for the default organisation; absent for none. */
  readonly apiKeySetting?: string;
  /** Headers, in lower case, that say something about a message and nothing secret. */
  readonly keptHeaders: readonly string[];
  /** How its bodies are written: JSON, or the fields of an HTML form. Default: `json`. */
  readonly bodyFormat?: BodyFormat;
  /**
   * Messages about different events may be alike byte by byte, because they only name a booking:
   * then none is taken for another one's repetition. Default: false.
   */
  readonly bodiesRepeat?: boolean;
  /**
   * Checks the message's signature against the connection's live secrets. Constant time.
   * @param settings the connection's, where they say how its source signs
   */
  verify(
    message: RawMessage,
    secrets: readonly string[],
    settings?: ConnectionSettings,
  ): SignatureVerdict;
  /**
   * Understands a parsed body. Pure: no I/O, no clock, never throws for any JSON value.
   * @param body the parsed JSON value, of any shape
   */
  interpret(body: unknown, context: InterpretContext): Interpretation;
  /** How people may adjust it; absent when there is nothing to adjust. */
  readonly settings?: SettingsSchema;
  /**
   * What the message tells, without what differs between two tellings of one event (the time of
   * sending). Two messages with the same are two deliveries of one event. Null when that cannot
   * be said; absent when its messages never come twice under different bodies.
   */
  eventIdentity?(body: unknown): string | null;
  /** Its API, where it has one that the hub can call. */
  readonly api?: ConnectorApi;
  /**
   * How people say what its messages mean: by the mapping in the settings' member `mapping`. Absent
   * where that is known.
   */
  readonly mapping?: MappingReader;
}

/** Helps whoever makes a mapping. Pure and total. */
export interface MappingReader {
  /**
   * What a mapping reads from a message, field by field.
   * @param timeZone IANA zone of the organisation
   */
  explain(body: unknown, mapping: Mapping, timeZone: string): FieldReading[];
  /** A first mapping, guessed from samples, the latest first. */
  suggest(bodies: readonly unknown[]): Mapping;
  /** The fields of a message with the paths by which a mapping names them. */
  fieldsOf(body: unknown): SampleField[];
}

/** `form` is application/x-www-form-urlencoded: its body is read as an object of texts. */
export type BodyFormat = "json" | "form";

/** The settings of a kind of connection. Every member has a default. */
export type SettingsSchema = z.ZodType<ConnectionSettings, Record<string, unknown>>;

/** How a kind of source is called. */
export interface ConnectorApi {
  /** The address that is called unless the connection has another. */
  readonly defaultUrl: string | null;
  /** Whether what it opens has `listBookings`. Default: false. */
  readonly listsBookings?: boolean;
  /** Calls go through the `fetch` that is given, which bounds times and sizes. */
  open(access: ApiAccess): SourceApi;
}

/** With what a source's API is called. */
export interface ApiAccess {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly key: string;
  readonly fetch: typeof fetch;
  /** IANA zone of the organisation. */
  readonly timeZone: string;
  readonly settings: ConnectionSettings;
}

/**
 * A source's API. Its methods throw a `SourceApiError` (`source-api-error.ts`) that says whether
 * trying again may help.
 */
export interface SourceApi {
  /**
   * The bookings that start in a window, page by page.
   * Absent where the API lists nothing: then only known bookings can be compared.
   * @param cursor null for the first page
   */
  listBookings?(
    window: { readonly from: Date; readonly to: Date },
    cursor: string | null,
  ): Promise<ReportedPage>;
  /** One booking by an id of it; null when the source knows none. */
  getBooking(id: string): Promise<ReportedBooking | null>;
  /** The bookings of a series by its `seriesRef`; absent where the API cannot be asked for them. */
  getSeries?(seriesRef: string): Promise<readonly ReportedBooking[]>;
  /** Asks the source to do something; absent when it takes no commands. */
  execute?(command: SourceCommand): Promise<CommandReceipt>;
}

/** One page of a list of bookings. */
export interface ReportedPage {
  readonly bookings: readonly ReportedBooking[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
  /** Bookings of the page that could not be read; absent for none. */
  readonly unreadable?: readonly { readonly uid: string | null; readonly reason: string }[];
}

/** A booking as a source's API tells of it. */
export interface ReportedBooking {
  /** The whole of what is known of it now, as a change that leads there. */
  readonly change: ConnectorChange;
  /** The uid that it was moved to, when this one was superseded; else null. */
  readonly nextUid: string | null;
  readonly named?: NamedRecords;
  /** What it is called at the source, for people: its title, or its number. */
  readonly label: string;
  /**
   * By the source's clock: what it tells is surely not older than this. RFC 3339; absent when the
   * source does not show its clock.
   */
  readonly asOf?: string;
  /**
   * Fields that the API tells in another form than messages do: they fill blanks, and correct
   * nothing. None unless given.
   */
  readonly fillsOnly?: readonly (keyof BookingFields)[];
  /** Whether it names everybody who comes, so that whoever is missing has cancelled. Default: false. */
  readonly allAttendees?: boolean;
  /**
   * Whether the source takes a confirmed booking for completed once its end has passed. Default:
   * false.
   */
  readonly endsByClock?: boolean;
}

/** What the hub asks of the owner of a booking. */
export type SourceCommand = {
  /** The id that the source uses for the booking now. */
  readonly uid: string;
  /** Repeated with every try of the same command. */
  readonly idempotencyKey: string;
  readonly reason: string | null;
} & (
  | { readonly kind: "confirm" | "reject" }
  /** With `seatRef` only that seat of a shared booking. */
  | { readonly kind: "cancel"; readonly seatRef?: string | null }
  | {
      readonly kind: "reschedule";
      readonly startsAt: string;
      readonly endsAt: string;
      readonly seatRef?: string | null;
    }
  | { readonly kind: "no_show"; readonly attendees: readonly AbsentAttendee[] }
);

export interface AbsentAttendee {
  readonly email: string;
  readonly absent: boolean;
}

/** What a source answered to a command that it took. */
export interface CommandReceipt {
  /** The id that the booking goes by from now on, when the command gave it a new one. */
  readonly uid: string | null;
  /** The booking as the source now has it, when it says so. */
  readonly booking: ReportedBooking | null;
}

/** What a kind of source can do; the rest of the hub asks these instead of its name. */
export interface ConnectorCapabilities {
  /** It pushes messages to the hub. Default: true for webhook sources. */
  readonly pushes: boolean;
  /** It owns the bookings it reports: its word on them is final. */
  readonly ownsBookings: boolean;
  /**
   * The ways in which its messages can prove themselves, the one for a new connection first.
   * Without `source_signature`, `verify` is never asked.
   */
  readonly authModes: readonly [AuthMode, ...AuthMode[]];
  /** Its secret can be one that is already at the source. Default: true. */
  readonly takesSecret: boolean;
  /** The source makes the secret: one that the hub made would prove nothing. Default: false. */
  readonly secretFromSource?: boolean;
  /** It signs with the key of its API, which is therefore known by the secret. Default: false. */
  readonly secretIsApiKey?: boolean;
  /** What its API can be asked to do with a booking; empty when it takes no commands. */
  readonly commands: readonly SourceCommand["kind"][];
}
