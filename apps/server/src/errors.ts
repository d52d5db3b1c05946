/**
 * Every error that Slotwire tells somebody about: its HTTP status, what it means, and what
 * that person can do. Codes are part of the API and never change their meaning.
 */
export const errorTable = {
  E_JSON: [400, "The body is not JSON", "Send a valid JSON document."],
  E_TOO_DEEP: [400, "The body is nested too deeply", "Send at most 64 levels."],
  E_BAD_REQUEST: [
    400,
    "The request is malformed",
    "Check the request against the API description.",
  ],
  E_TWO_PROOFS: [
    400,
    "The request proves itself in two ways",
    "Send the ticket or `Authorization`, not both.",
  ],
  E_CURSOR: [400, "The cursor is not one of ours", "Start again without `cursor`."],
  E_UNAUTHENTICATED: [
    401,
    "Sign-in or an API key is required",
    "Send `Authorization: Bearer <key>` or sign in.",
  ],
  E_KEY_EXPIRED: [401, "The API key has expired", "Make a new one and use it instead."],
  E_LINK_INVALID: [
    401,
    "This link is used up or expired",
    "Sign in with your password, or ask whoever runs the hub for another link.",
  ],
  E_PORTAL_LINK: [
    401,
    "This link is over or was taken back",
    "Ask whoever gave it to you for another one.",
  ],
  E_CREDENTIALS: [
    401,
    "The e-mail, the password or the code is wrong",
    "Try again, or ask for a link to choose a new password.",
  ],
  E_SECOND_FACTOR: [
    401,
    "A code of the second factor is required",
    "Send the same again with `code`: from the authenticator app, or a recovery code.",
  ],
  E_SIGNATURE: [
    401,
    "The signature does not match",
    "Check that the secret at the source is the one of this connection.",
  ],
  E_SIGNATURE_MISSING: [
    401,
    "The message is not signed",
    "Set the connection's secret at the source.",
  ],
  E_FORBIDDEN: [403, "This is not allowed for you", "Ask an owner or admin of the organisation."],
  E_KEY_ADDRESS: [
    403,
    "The API key may not be used from this address",
    "Use it from one of its allowed ranges, or make a key that has this one.",
  ],
  E_KEY_ORIGIN: [
    403,
    "Pages of this origin are not let in",
    "Name the page's origin in `allowed_origins` of a publishable key of the organisation: docs/guides/api-keys.md, Let a page follow bookings.",
  ],
  E_KEY_BEYOND: [
    403,
    "A key gives no more than it has itself",
    "Ask for no more than the key's own limit, end and addresses, or make the key as a person.",
  ],
  E_ADDRESS_NOT_ALLOWED: [
    403,
    "Requests from this address are not allowed",
    "Send from an allowed address, or add this one to the allowed ranges.",
  ],
  E_CONFIRM: [
    403,
    "Show again that it is you",
    "Confirm the session with your password, or sign in again; then repeat the request.",
  ],
  E_CROSS_SITE: [
    403,
    "The request came from another site",
    "Open the hub at its PUBLIC_URL, or set that to the address in use. A program calls the API with a key.",
  ],
  E_NOT_FOUND: [404, "There is no such thing here", "Check the address and the organisation."],
  E_CONNECTION_UNKNOWN: [
    404,
    "There is no such connection",
    "Copy the address from the dashboard's page of connections.",
  ],
  E_METHOD: [405, "This address takes other requests", "Use a method that `Allow` names."],
  E_TIMEOUT: [
    408,
    "The request took too long to arrive",
    "Send it again over a faster connection.",
  ],
  E_SOURCE_UNKNOWN: [
    404,
    "The source knows no such booking",
    "Copy the booking's id from its source, and ask the connection that it was made at.",
  ],
  E_CONNECTION_CHOICE: [
    409,
    "Several connections can be asked",
    "Send the `connection_id` of one of `connections`.",
  ],
  E_IMPORT: [
    409,
    "The booking was not imported",
    "Look at `detail`, and at the booking at its source.",
  ],
  E_CONFLICT: [409, "Somebody else changed it first", "Read it again and repeat the change."],
  E_CUSTOMER_EXISTS: [
    409,
    "Another customer has this e-mail address or id",
    "Search for them by it, and use that customer.",
  ],
  E_CONNECTION_PAUSED: [
    409,
    "The connection is paused",
    "Resume it in the dashboard, and send the message again.",
  ],
  E_TRANSITION: [
    409,
    "The booking cannot go from its state to that one",
    "Choose one of the states listed in `allowed`.",
  ],
  E_NOT_OWNER: [
    409,
    "Another system owns this booking",
    "Make the change in the system that owns it.",
  ],
  E_COMMAND_OPEN: [
    409,
    "Another change of this booking is on its way to its source",
    "Wait for `command` to be settled, or withdraw it while it is queued.",
  ],
  E_COMMAND_STATE: [
    409,
    "It can no longer be withdrawn",
    "Look at its state: what was sent may have taken effect.",
  ],
  E_BODY_REMOVED: [
    409,
    "The body of this message has been removed",
    "Compare the ledger with the source instead: what the message said is gone.",
  ],
  E_REPROCESS_STATE: [
    409,
    "This is over already",
    "Look at its results; to process messages once more, begin anew.",
  ],
  E_DESTINATION_NAME: [409, "A destination of that name exists", "Choose another name."],
  E_SECRET_OVERLAP: [
    409,
    "The secret before this one still signs",
    'Wait until its day is over, or send { "end_overlap": true }: receivers that still have the older one then refuse messages at once.',
  ],
  E_DELIVERY_STATE: [
    409,
    "The delivery cannot be sent again now",
    "Look at its state and at its destination's.",
  ],
  E_ENVIRONMENT: [
    409,
    "This is a setting of the environment",
    "Change it there and restart the hub.",
  ],
  E_ACCOUNT_EXISTS: [
    409,
    "There is an account of the invited address",
    "Sign in to it to accept the invitation. Forgot its password? Ask for a new one on the page to sign in.",
  ],
  E_ACCOUNT_EMAIL: [409, "Another account has this e-mail", "Choose another e-mail."],
  E_EMAIL_CHANGE: [
    410,
    "This link confirms no e-mail any more",
    "Open it signed in to the account that asked for it. If it is older than a day, or another one was mailed since, ask for a new one under Account.",
  ],
  E_SECOND_FACTOR_SET: [409, "The account has a second factor already", "Take that one off first."],
  E_MAIL_UNSET: [
    409,
    "This hub sends no mail",
    "Ask whoever runs the hub: `npx slotwire admin create --email <yours> --role <yours>` prints a link that signs you in.",
  ],
  E_MEMBER: [409, "This person is a member already", "Change the member's role instead."],
  E_INVITED: [
    409,
    "This person is invited already",
    "Send that invitation again, or revoke it first.",
  ],
  E_LAST_OWNER: [
    409,
    "The organisation would be left without an owner",
    "Make somebody else an owner first.",
  ],
  E_INVITATION_MAIL: [
    409,
    "A new account takes the link of the mail",
    "Have the invitation mailed to its address, and open the link in that mail. Sign in if you have an account.",
  ],
  E_INVITATION: [
    410,
    "This invitation is used up, revoked or expired",
    "Ask whoever invited you to send a new one.",
  ],
  E_API_KEY_MISSING: [
    409,
    "The hub has no key of the source's API",
    "Give the connection an API key.",
  ],
  E_PRECONDITION: [412, "It is no longer as you saw it", "Read it again and repeat the change."],
  E_TOO_LARGE: [413, "The body is larger than 1 MiB", "Send less at once."],
  E_MEDIA_TYPE: [
    415,
    "The body is not of a supported type",
    "Send `Content-Type: application/json`.",
  ],
  E_TOO_MANY_DELIVERIES: [
    422,
    "These are too many deliveries at once",
    "Narrow the filter, for example to a span of time.",
  ],
  E_TOO_MANY_MESSAGES: [
    422,
    "These are too many messages at once",
    "Narrow the filter, for example to a span of time.",
  ],
  E_VALIDATION: [422, "The request is not valid", "Correct the fields listed in `errors`."],
  E_IDEMPOTENCY_KEY: [
    422,
    "This Idempotency-Key was used for another request",
    "Use a new key for every new request.",
  ],
  E_TIME_INVALID: [422, "A time is missing or is no time", "Send instants as RFC 3339."],
  E_TIME_ORDER: [422, "The booking ends before it starts", "Correct the times at the source."],
  E_BOOKING_UNKNOWN: [
    422,
    "The message speaks of a booking that has not arrived yet",
    "Nothing: it is processed when the booking arrives.",
  ],
  E_MESSAGE_SHAPE: [
    422,
    "The message does not have the documented shape",
    "Look at the raw message in the inbox and report it.",
  ],
  E_ATTENDEE_UNKNOWN: [
    422,
    "Nobody on the booking has the address that the message names",
    "Name one of the people who are on it, or tell of the new address first.",
  ],
  E_EVENT_UNKNOWN: [
    422,
    "The message tells of an event that is not known",
    "Correct the word of its event at the source; the nearest that is known is named with the message.",
  ],
  E_NOT_MAPPED: [
    422,
    "Nobody has said yet what this message means",
    "Map its fields at its connection; then it is processed.",
  ],
  E_DESTINATION_ADDRESS: [
    422,
    "The address is private or not allowed",
    "Use a public address, or list the range in SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS.",
  ],
  E_SOURCE_ADDRESS: [
    422,
    "The address of the source's API is private or not allowed",
    "Use a public address, or list the range in SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS.",
  ],
  E_RATE_LIMITED: [429, "Too many requests", "Wait for the seconds in `Retry-After`."],
  E_HEADERS: [431, "The headers are too large", "Send fewer or shorter headers and cookies."],
  E_SOURCE_KEY: [
    502,
    "The source refuses the API key",
    "Make a new key at the source, with the right to read bookings, and give it to the connection.",
  ],
  E_SOURCE_REFUSED: [
    502,
    "The source does not answer this question",
    "Check the address of the connection's API.",
  ],
  E_SOURCE_LIMIT: [
    502,
    "The source is asked too often",
    "Nothing: the hub waits as long as the source wants, and goes on.",
  ],
  E_SOURCE_UNAVAILABLE: [
    502,
    "The source does not answer",
    "Check the address of the connection's API, and whether the source works. The next run comes within the hour.",
  ],
  E_CONFIG: [500, "A setting is wrong", "Correct the setting named in the message."],
  E_DATA_LOCKED: [
    500,
    "Another Slotwire process uses this data folder",
    "Stop the other process, or choose another SLOTWIRE_DATA_DIR.",
  ],
  E_SCHEMA_NEWER: [
    500,
    "A newer Slotwire has migrated this database",
    "Start that version or a newer one, or restore a backup from before it.",
  ],
  E_SECRET_UNREADABLE: [
    500,
    "A stored secret cannot be decrypted",
    "Start with the SLOTWIRE_MASTER_KEY that it was stored under, or name that key in SLOTWIRE_PREVIOUS_MASTER_KEYS.",
  ],
  E_MASTER_KEY: [
    503,
    "This process does not know the master key of what is stored",
    "Start it with the other processes' SLOTWIRE_MASTER_KEY; during a rotation, with the old one in SLOTWIRE_PREVIOUS_MASTER_KEYS besides.",
  ],
  E_INTERNAL: [
    500,
    "Something went wrong inside the hub",
    "Try again; if it stays, look for the request id in the log.",
  ],
  E_MAIL: [
    502,
    "The mail server did not take the mail",
    "Check SMTP_URL and MAIL_FROM, and look at the mail server's own log.",
  ],
  E_UNAVAILABLE: [503, "The hub cannot reach its database", "Try again in a moment."],
} as const satisfies Record<string, readonly [status: number, title: string, remedy: string]>;

export type ErrorCode = keyof typeof errorTable;

/** What may travel with an error: extra members of the problem document. */
export interface ErrorDetails {
  /** One sentence about this very case. */
  readonly detail?: string;
  /** What was wrong, field by field. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** What can be done in this very case, when it is not what the table says. */
  readonly remedy?: string;
  /** Further members, for example `allowed`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An error with a code of the table. Only the HTTP layer turns it into an answer. */
export class SlotwireError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.detail ?? errorTable[code][1], { cause: details.cause });
    this.name = "SlotwireError";
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return errorTable[this.code][0];
  }

  get remedy(): string {
    return this.details.remedy ?? errorTable[this.code][2];
  }
}
