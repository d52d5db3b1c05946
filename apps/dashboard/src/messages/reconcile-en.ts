import type { ReconcileFindingResource, ReconcileRunResource } from "@slotwire/contract";

const plural = new Intl.PluralRules("en-GB");

function count(n: number, one: string, other: string): string {
  return `${n} ${plural.select(n) === "one" ? one : other}`;
}

/** `211 the same, 2 missing and added, 1 differs still`. */
function results(run: ReconcileRunResource): string {
  const { same, missing, different, phantoms, gone, repaired, still_different: open } = run;
  const found = missing + different + phantoms + gone;
  if (found === 0 && open === 0) return "all of them are the same here";
  const parts = [
    `${same} the same`,
    missing > 0 && `${missing} missing here`,
    different > 0 && `${different} different`,
    phantoms > 0 && `${phantoms} cancelled here and alive there`,
    gone > 0 && `${gone} unknown to the source`,
    run.dry_run ? "nothing was changed" : repaired > 0 && `${repaired} put right`,
    open > 0 && `${open} still open`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

/** The texts in English of comparing the ledger with a source. */
export const reconcileEn = {
  title: "Compare with the source",
  intro: (name: string) =>
    `Reads the bookings that ${name} has, and adds or corrects what the hub missed.`,
  introKnown: (name: string) =>
    `Asks ${name} about each of its bookings that the hub knows, and corrects what the hub missed. It lists none: bookings that the hub never heard of cannot be found.`,
  hourly: "It does so by itself once an hour.",
  back: "Connections",
  noKeyTitle: "The hub has no key of this source's API",
  noKeyText:
    "Make an API key at the source (in Cal.com: Settings → Developer → API keys). Then choose “Change” at the connection and paste it as “API key”.",
  noKeyAction: "To the connection",
  noSecretText:
    "Its secret is its API key, too, and it has none, or another API address. Choose “New secret” at the connection.",
  noApiTitle: "It cannot be compared with its source",
  noApiText: "The hub knows no API of this kind: what the source sends is all that it hears of it.",
  from: "From",
  to: "To (included)",
  dryRun: "Only look, change nothing",
  start: "Compare now",
  starting: "Starting…",
  stop: "Stop",
  running: (checked: number) => `Comparing: ${count(checked, "booking", "bookings")} so far`,
  queued: "Waiting to begin",
  waits: (when: string) => `Goes on ${when}`,
  report: (run: ReconcileRunResource, window: string) =>
    run.checked === 0 && run.still_different === 0
      ? `There was no booking to compare ${window}.`
      : `Compared ${count(run.checked, "booking", "bookings")} ${window}: ${results(run)}.`,
  notCompared: (window: string) => `Nothing was compared ${window}.`,
  windowOf: (from: string, to: string) => `of ${from} – ${to}`,
  seriesOf: "of a series",
  oneOf: "after a message",
  status: {
    queued: "Waiting",
    running: "Running",
    done: "Done",
    failed: "Failed",
    cancelled: "Stopped",
  } satisfies Record<ReconcileRunResource["status"], string>,
  triggers: {
    schedule: "By the clock",
    manual: "By hand",
    message: "After a message",
  } satisfies Record<ReconcileRunResource["trigger"], string>,
  dryRunMark: "only looked",
  by: (name: string) => `by ${name}`,
  findings: "What was found",
  noFindings: "Nothing differed.",
  noFindingsYet: "Nothing differs so far.",
  kinds: {
    missing: "Missing here",
    different: "Different",
    phantom: "Cancelled here, alive at the source",
    gone: "Unknown to the source",
    unreadable: "Not understood",
  } satisfies Record<ReconcileFindingResource["kind"], string>,
  outcomes: {
    found: "Only looked",
    repaired: "Put right",
    open: "Still open",
  } satisfies Record<ReconcileFindingResource["outcome"], string>,
  booking: (number: number) => `Booking #${number}`,
  before: "Here",
  after: "At the source",
  nothing: "nothing",
  earlier: "Earlier comparisons",
  shown: "Comparison",
  noRunsTitle: "Not compared yet",
  noRunsText: "The first comparison comes within the hour, or as soon as you start one.",
  noRunsByHandText: "The first comparison comes as soon as you start one.",
  fields: {
    status: "State",
    status_reason: "Reason",
    cancelled_by: "Cancelled by",
    starts_at: "Start",
    ends_at: "End",
    time_zone: "Time zone",
    title: "Title",
    description: "Description",
    location: "Place",
    meeting_url: "Video link",
    provider: "Provider",
    service_key: "Service",
    service_name: "Service",
    attendees: "Attendees",
    metadata: "Further data",
    payment_status: "Payment",
    price_minor: "Price",
    currency: "Currency",
    seats: "Seats",
    series_ref: "Series",
    external_refs: "Ids at the source",
  } as Readonly<Record<string, string>>,
  failures: {
    E_SOURCE_KEY: [
      "The source refuses the API key",
      "Make a new key there, with the right to read bookings, and give it to the connection.",
    ],
    E_SOURCE_LIMIT: [
      "The source asks to be left alone for a while",
      "Nothing to do: the comparison waits and goes on.",
    ],
    E_SOURCE_UNAVAILABLE: [
      "The source does not answer",
      "Check the address of its API, and whether it works. What was compared so far counts; the next comparison comes within the hour.",
    ],
    E_SOURCE_ADDRESS: [
      "The hub does not call the source's address",
      "It is private. Give the connection a public one, or list the range in SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS.",
    ],
    E_SOURCE_REFUSED: [
      "The source does not answer this question",
      "Check the address of its API at the connection.",
    ],
    E_API_KEY_MISSING: [
      "The hub has no key of the source's API",
      "Give the connection an API key.",
    ],
  } as Readonly<Record<string, readonly [title: string, remedy: string]>>,
  failedOther: [
    "The comparison could not go on",
    "Start it again; if it stays, look at the hub's log.",
  ] as const,
};
