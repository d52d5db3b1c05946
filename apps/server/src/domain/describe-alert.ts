import type { AlertKind, AlertResource } from "@slotwire/contract";

/** So many details of one alert are kept. */
export const MAX_DETAILS = 50;

/** More deliveries of one destination that were given up are not counted. */
export const MAX_REFUSED = 1000;

/** What an alert's words are made of; each kind has its own. */
export interface AlertParams {
  /** How many there are of what it is about. */
  readonly total?: number;
  readonly trigger?: string | null;
  /** RFC 3339. */
  readonly since?: string | null;
  /** It is the hub's own key of the source's API that is refused. */
  readonly isHubKey?: boolean;
  /** How much of the patience with a destination is used up, and how long it is in all. */
  readonly percent?: number;
  readonly hours?: number;
  /** The status with which a receiver answered last; null when no answer came. */
  readonly answered?: number | null;
  /** What the last attempt came to. */
  readonly errorClass?: string | null;
  /** Why a destination was disabled: a sentence of the hub's. */
  readonly reason?: string;
  /** What a source said, or the names of fields. */
  readonly details?: readonly string[];
}

/** An alert as it is stored, its instants as the database or JSON tells them. */
export interface AlertRow {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: AlertResource["severity"];
  readonly connection_id: string | null;
  readonly connection_name: string | null;
  readonly destination_id: string | null;
  readonly destination_name: string | null;
  readonly params: AlertParams;
  readonly opened_at: Date | string;
  readonly last_seen_at: Date | string;
  readonly count: number;
  readonly acknowledged_by: string | null;
  readonly acknowledged_at: Date | string | null;
  readonly resolved_by: string | null;
  readonly resolved_at: Date | string | null;
}

interface Words {
  readonly title: string;
  readonly description: string;
  readonly remedy: string;
}

const many = (count: number, one: string, several: string): string =>
  count === 1 ? `one ${one}` : `${count} ${several}`;

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** More than are kept are not counted. */
const manyFields = (count: number): string =>
  many(count, "field", count < MAX_DETAILS ? "fields" : "fields or more");

/** What stood in the way of a delivery that nobody answered, by its class. */
const unanswered: ReadonlyMap<string | null, string> = new Map([
  ["dns", "The name of its host was not found."],
  ["address_refused", "Its address is a private one, to which nothing is sent."],
  ["connect_refused", "Nobody listens at its address."],
  ["connect_timeout", "Its address could not be reached in time."],
  ["tls", "Its certificate is not trusted, so nothing was sent."],
  ["reset", "It hung up without an answer."],
  ["protocol", "What it answered is no HTTP."],
  ["timeout", "It did not answer in time."],
  ["lease_lost", "The hub stopped again and again while it was sending."],
  ["internal", "The hub could not encode, sign or send it: its log says why."],
]);

/** How the last delivery ended that was given up. */
function endOf(answered: number | null, errorClass: string | null): string {
  if (answered !== null) return `The last one was answered with ${answered}.`;
  return unanswered.get(errorClass) ?? "The last one had no answer.";
}

/** The words of each kind. None of them says anything personal: that stands in `details` alone. */
const words: Readonly<Record<AlertKind, (source: string, params: AlertParams) => Words>> = {
  source_quiet: (source, { total = 1 }) => ({
    title: `${source}: messages are not arriving`,
    description: `A comparison with its API found ${many(total, "booking", "bookings")} made or changed there that no message told of.`,
    remedy:
      "Look at the webhook at the source: whether it is active, and whether its address and secret are those of the connection.",
  }),
  signatures_failing: (source, { total = 3 }) => ({
    title: `${source}: messages are refused`,
    description: sentence(
      `${many(total, "message", "messages")} in a row did not prove to come from it.`,
    ),
    remedy:
      "Compare the secret at the source with the connection's, or rotate it. It ends with the next valid message.",
  }),
  unknown_fields: (source, { trigger = null, details = [] }) => ({
    title: `${source}: fields never seen before`,
    description: `Messages${trigger === null || trigger === "" ? "" : ` of ${trigger}`} have ${manyFields(details.length)} that none had before.`,
    remedy:
      "Nothing is lost: they are kept with the raw message. Look whether they say something that your bookings should know, then resolve this.",
  }),
  message_failed: (source, { total = 1 }) => ({
    title: `${source}: messages could not be processed`,
    description: sentence(
      `${many(total, "message is", "messages are")} kept that could not be understood or processed.`,
    ),
    remedy: "Open the inbox for the reasons. After a fix, process them again.",
  }),
  calendar_entry_rejected: (source) => ({
    title: `${source}: the host's calendar took no entry`,
    description: "The booking stands, but it is not in the host's own calendar.",
    remedy: "Connect the host's calendar again at the source, and enter the booking by hand.",
  }),
  calendars_differ: (source) => ({
    title: `${source}: the two calendars differ`,
    description: "It says that it could not take a change of a booking over, which stands here.",
    remedy:
      "Read why in its words, and enter the change there by hand, or take it back here. Then resolve this.",
  }),
  credential_failing: (source, { isHubKey = false }) =>
    isHubKey
      ? {
          title: `${source}: its API refuses the hub's key`,
          description:
            "Bookings cannot be compared with it, and nothing can be asked of it: what its messages miss stays missed.",
          remedy:
            "Make a new key at the source, and give it to the connection. It ends with the next call that is let in.",
        }
      : {
          title: `${source}: a connected app has lost its access`,
          description: "The source says that one of the accounts it works with does not let it in.",
          remedy: "Sign in to that app again in the settings of the source, then resolve this.",
        },
  host_no_show: (source) => ({
    title: `${source}: a host did not come`,
    description: "The source says that the host of a booking was not there.",
    remedy: "Talk to the host and to the customer, then resolve this.",
  }),
  deliveries_refused: (destination, { total = 1, answered = null, errorClass = null }) => ({
    title: `${destination}: deliveries were given up`,
    description: sentence(
      `${total < MAX_REFUSED ? many(total, "delivery has", "deliveries have") : `${MAX_REFUSED} deliveries or more have`} not arrived, and will not be tried again. ${endOf(answered, errorClass)}`,
    ),
    remedy: `${answered === null ? "Open its deliveries for what stood in the way. Put it right, and" : "Open its deliveries for what it answered. Put the receiver right, and"} send them again: it ends when all have arrived, or when somebody says so.`,
  }),
  destination_failing: (destination, { percent = 50, hours = 120 }) => ({
    title: `${destination}: nothing arrives`,
    description: `Every attempt has failed for ${percent} % of the ${many(hours, "hour", "hours")} after which it is disabled.`,
    remedy:
      "Open its deliveries for what it answers, and send it a test. It ends with the next delivery that arrives.",
  }),
  destination_disabled: (destination, { reason = "It was disabled." }) => ({
    title: `${destination}: disabled`,
    description: `${reason} It hears of nothing until somebody resumes it.`,
    remedy:
      "Put its receiver or its address right, resume it, and send again what it missed. It ends when it is resumed.",
  }),
};

function nameIn({ destination_id: destination, ...names }: AlertRow): string {
  if (destination !== null) return names.destination_name ?? "A destination";
  return names.connection_name ?? "A source";
}

/** An alert as people see it. */
export function toAlert(row: AlertRow): AlertResource {
  return {
    id: row.id,
    kind: row.kind,
    severity: row.severity,
    connection_id: row.connection_id,
    connection_name: row.connection_name,
    destination_id: row.destination_id,
    destination_name: row.destination_name,
    ...words[row.kind](nameIn(row), row.params),
    details: [...(row.params.details ?? [])],
    opened_at: instant(row.opened_at),
    last_seen_at: instant(row.last_seen_at),
    count: row.count,
    acknowledged_by: row.acknowledged_by,
    acknowledged_at: row.acknowledged_at === null ? null : instant(row.acknowledged_at),
    resolved_by: row.resolved_by,
    resolved_at: row.resolved_at === null ? null : instant(row.resolved_at),
  };
}

const instant = (at: Date | string): string => new Date(at).toISOString();
