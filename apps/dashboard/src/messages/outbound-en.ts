import type { DeliveryStopReason } from "@slotwire/contract";

const count = (n: number, one: string, several: string): string =>
  `${n.toLocaleString("en-GB")} ${n === 1 ? one : several}`;
const deliveries = (n: number): string => count(n, "delivery", "deliveries");

/** What went wrong, and what to do about it. */
interface ErrorWords {
  readonly what: string;
  readonly todo: string;
}

const errors: Readonly<Record<string, ErrorWords>> = {
  dns: {
    what: "The address has no such host",
    todo: "Check the host name in the destination's address.",
  },
  address_refused: {
    what: "The address is a private one",
    todo: "Use a public address, or allow the range in SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS.",
  },
  connect_refused: {
    what: "Nobody listens there",
    todo: "Start the receiver, or check the port and the firewall in front of it.",
  },
  connect_timeout: {
    what: "No connection in time",
    todo: "Check that the receiver runs, and that its firewall lets the hub through.",
  },
  tls: {
    what: "The certificate is not trusted",
    todo: "Renew the receiver's certificate, and have its server send the whole chain.",
  },
  reset: {
    what: "The receiver hung up",
    todo: "Look into the receiver's log at that time: it may have crashed or restarted.",
  },
  protocol: {
    what: "The answer is not HTTP",
    todo: "Check the port: something other than a web server answers there.",
  },
  timeout: {
    what: "No answer in time",
    todo: "Have the receiver answer first, and do the work afterwards.",
  },
  redirect: {
    what: "The receiver sent us elsewhere",
    todo: "Enter the address that it leads to: redirects are not followed.",
  },
  gone: {
    what: "The receiver wants no more",
    todo: "The destination was disabled. Enter a new address, and resume it.",
  },
  too_many: {
    what: "Too many requests",
    todo: "It is slowed down by itself. Set a rate for the destination to avoid it.",
  },
  unavailable: {
    what: "The receiver is not available now",
    todo: "It is tried again by itself, and slower.",
  },
  rejected: {
    what: "The receiver refused what it was sent",
    todo: "Read its answer. Correct the format or the content, and send it anew.",
  },
  not_accepted: {
    what: "The receiver did not take it",
    todo: "Its answer says why. It is tried again by itself.",
  },
  http_4xx: {
    what: "The receiver refused the request",
    todo: "Read its answer: often the key, the address or the format is wrong.",
  },
  http_5xx: {
    what: "The receiver failed",
    todo: "Look into the receiver's log. It is tried again by itself.",
  },
  lease_lost: {
    what: "The hub stopped while it was sending",
    todo: "See why the hub restarts, then retry.",
  },
  internal: {
    what: "The hub could not send it",
    todo: "Look into the hub's log at that time.",
  },
};

/** What kept a delivery from being sent: in a line of the list, and in whole sentences. */
interface StopWords {
  readonly short: string;
  /** What happened while the destination, or the replay, was so already. */
  readonly skipped: string;
  /** What waited when it came to be so. */
  readonly cancelled: string;
}

const stops: Readonly<Record<DeliveryStopReason, StopWords>> = {
  destination_disabled: {
    short: "Destination disabled",
    skipped: "Its destination was disabled when this happened.",
    cancelled: "It was still waiting when its destination was disabled.",
  },
  destination_deleted: {
    short: "Destination removed",
    skipped: "Its destination was removed.",
    cancelled: "It was still waiting when its destination was removed.",
  },
  replay_cancelled: {
    short: "Sending anew stopped",
    skipped: "Sending it anew was stopped before its turn came.",
    cancelled: "Sending it anew was stopped before it had arrived.",
  },
};

/** The English texts of the delivery console. */
export const outboundEn = {
  errors,
  stops,
  unknownError: { what: "It failed", todo: "Read the answer below." } satisfies ErrorWords,
  filters: {
    more: "More filters",
    clear: "Clear filters",
    without: (what: string) => `Without ${what}`,
    active: "Filters",
    type: "Event",
    error: "Error",
    code: "HTTP status",
    httpStatus: (code: string) => `HTTP ${code}`,
    from: "From",
    to: "To",
    every: "All",
    booking: "Booking",
    bookingHint: "Its number or id",
    bookingWrong: "Enter a number like 1007, or an id.",
    oneBooking: (text: string) => {
      if (text.length === 36) return "One booking";
      return /^\d+$/.test(text) ? `Booking #${text}` : `Booking ${text}`;
    },
    senseless: "The address asks for something that cannot be",
    senselessText: (filters: readonly string[]) =>
      `Look at: ${filters.join(", ")}. Take it out above, or clear the filters. Nothing is shown meanwhile, so that nothing is sent anew that was not asked for.`,
    reason: "Why it was not sent",
    replay: "Sent anew together",
    destination: "Destination",
    status: "Status",
    limited: "Counts are of the newest 5,000.",
  },
  detail: {
    why: "Why it was not sent",
    whyNotAgain: "Why it was not tried again",
    whyWaiting: "Why it waits",
    noAttempts: "None was made.",
    retrySkipped: "Check again",
    retrySkippedQuestion:
      "Its destination's settings held it back. It goes out if they were changed since; otherwise it is held back again.",
    skippedAgain: "It was held back again: change the destination's settings first.",
    whyCancelled: "It was taken back before it was sent.",
    cannot: {
      disabled: "Its destination is disabled. Resume that first, then send this anew.",
      deleted: "Its destination was removed: this cannot be sent any more.",
    },
    cannotLink: "Open the destination",
    sendNow: "Send now",
    waiting: "Its destination is paused. It goes out when that is resumed.",
    anew: "Send anew",
    sendingAnew: "Sending…",
    anewQuestion:
      "The same event is sent once more under its webhook-id, in today's format and with today's secret. What was sent before stays as it is.",
    original: "Sent anew; first sent",
    replays: "Sent anew",
    webhookId: "webhook-id",
    showOriginal: "see the original",
  },
  attempt: {
    request: "Request",
    response: "Answer",
    headers: "Headers",
    body: "Body",
    empty: "No body.",
    curl: "Copy as curl",
    copyBody: "Copy body",
    batch: (n: number, no: number) =>
      no > 0
        ? `This request carried ${n} events in one list; this is number ${no} of them. The answer is to all.`
        : `This request carried ${n} events in one list. The answer is to all.`,
    batchGone: "The body is not shown: a part of the list is not kept any more.",
    time: "Where the time went",
    parts: {
      dns: "Name",
      connect: "Connection",
      tls: "TLS",
      wait: "Waiting for the answer",
      read: "Reading the answer",
    },
  },
  replay: {
    action: "Send these anew",
    title: "Send deliveries anew",
    intro:
      "What is over is sent once more: the same events, in today's format, with today's secret.",
    planning: "Counting…",
    none: "Nothing of this can be sent anew. What is still on its way is sent anyway.",
    plan: (n: number, how: string) => `${deliveries(n)}, ${how}`,
    takes: (seconds: number) =>
      seconds < 90
        ? `about ${count(Math.max(1, seconds), "second", "seconds")}`
        : `about ${count(Math.round(seconds / 60), "minute", "minutes")}`,
    byDestination: "By destination",
    held: {
      active: "",
      paused: "paused: it waits there",
      disabled: "disabled: none are sent",
      deleted: "removed: none are sent",
    },
    rate: "Per second, to each destination",
    span: (from: string, to: string) => `Made between ${from} and ${to}.`,
    begin: (n: number) => `Send ${deliveries(n)}`,
    stop: "Stop",
    close: "Close",
    byCode:
      "Sending anew cannot be narrowed by HTTP status. Choose a kind of error instead, and clear the status.",
    status: { running: "Sending anew…", done: "Sent anew.", cancelled: "Stopped." },
    stopped: (delivered: number, failed: number, skipped: number) =>
      [
        `Stopped: ${delivered.toLocaleString("en-GB")} sent`,
        failed > 0 ? `${failed.toLocaleString("en-GB")} failed` : "",
        `${skipped.toLocaleString("en-GB")} not sent`,
      ]
        .filter((part) => part !== "")
        .join(", "),
    progress: (done: number, total: number) =>
      `${done.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}`,
    outcome: (delivered: number, failed: number, skipped: number) =>
      [
        `${delivered.toLocaleString("en-GB")} delivered`,
        failed > 0 ? `${failed.toLocaleString("en-GB")} failed` : "",
        skipped > 0 ? `${skipped.toLocaleString("en-GB")} not sent` : "",
      ]
        .filter((part) => part !== "")
        .join(", "),
    past: "Past replays",
    total: (n: number) => deliveries(n),
    by: (who: string) => `by ${who}`,
    show: "Its deliveries",
  },
  figures: {
    title: "The last 24 hours",
    firstTry: "First try",
    finally: "In the end",
    p50: "Median",
    p95: "p95",
    open: "Open",
    sent: "Sent",
    exhausted: "Given up",
    last: (when: string) => `Last arrived ${when}.`,
    none: "–",
    failing: (when: string) => `Failing since ${when}`,
    percent: (share: number) => {
      const percent = share * 100;
      return `${percent === 100 || percent % 1 === 0 ? percent : percent.toFixed(1)} %`;
    },
    ms: (ms: number) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`),
    limited: "Of its newest 5,000.",
  },
  destination: {
    all: "Destinations",
    open: "Settings",
    settings: "Settings",
    settingsText: "What is still waiting goes out by the new settings.",
    save: "Save",
    saving: "Saving…",
    saved: "Saved.",
    wrongPair: (line: string) =>
      `“${line}” is no change of status. Write it like confirmed > cancelled.`,
    wrong: {
      some: "Nothing was saved yet. Correct the marked fields.",
      event_types: "Tick at least one event, or choose “Every event of bookings”.",
      name: "Give it a name of 100 characters at most.",
      url: "Enter a web address that begins with https://",
      noPairs:
        "Name at least one change, like confirmed > cancelled. Without one every event would be sent: for that, choose “Every event”.",
      pairs: "Write each change as two statuses, like confirmed > cancelled.",
      services: "Enter keys of services, one a line, 100 at most.",
      providers: "Enter e-mail addresses, one a line, 100 at most.",
      metadata: "Write each as key, or key = value, other value; 20 at most.",
      waits: "Enter whole seconds with commas between them, like 0, 5, 300: a week each at most.",
      rate: "Enter a number from 0.01 to 1000, or leave it empty.",
      concurrency: "Enter a whole number from 1 to 64, or leave it empty.",
      batch: "Enter a whole number from 1 to 100.",
      patience: "Enter whole hours from 1 to 720.",
    },
    profiles: {
      standard: "Standard Webhooks",
      external_calendar: "External calendar",
      make: "Make.com",
      crm: "CRM",
      slack: "Slack message",
      supabase: "Supabase database webhook",
      plain: "The event alone",
    },
    modes: {
      compat: "The fields of this format alone",
      thin: "Ids, states and times only",
      full: "The booking with its people",
    },
    /** What `compat` means where that is more exact. */
    compat: {
      external_calendar: "The change of status alone",
      crm: "The booking in the CRM's own fields",
    } as Readonly<Record<string, string>>,
    filter: "Which bookings",
    transitions: "Changes of status",
    transitionChoices: {
      any: "Every event",
      all: "Every change of status",
      confirmed_cancelled: "Confirmations and cancellations",
      calendar_affecting: "Whatever moves, frees or takes a slot",
      custom: "These changes only",
    },
    pairsHint: "One a line, like confirmed > cancelled; * is any, new is the beginning.",
    services: "Services",
    servicesHint: "Their keys, one a line. Empty: all.",
    providers: "Providers",
    providersHint: "E-mail addresses, one a line. Empty: all.",
    metadata: "Metadata",
    metadataHint: "One a line: key, or key = value, other value. All have to hold.",
    sources: "Sources",
    sending: "How it is sent",
    retries: "Retries",
    retryChoices: {
      default: "As the hub is set: over about three days",
      exponential: "Doubling from a second",
      custom: "These waits",
    },
    waits: "Seconds before each attempt",
    waitsHint: "The first included, like 0, 5, 300.",
    rate: "Requests per second",
    rateHint: "Empty: as many as it answers.",
    concurrency: "Requests at one time",
    concurrencyHint: "Empty: as the hub sees fit.",
    batch: "Events per request",
    patience: "Hours of patience",
    patienceHint: "After so long with nothing but failures it is disabled.",
    key: "The receiver's key",
    /** What each kind of receiver calls its key; null where it looks for none. */
    keys: {
      standard: "Bearer token",
      external_calendar: "Bearer token",
      make: "Make.com API key",
      crm: "X-Webhook-Secret",
      slack: null,
      supabase: "Bearer token",
      plain: "Bearer token",
    },
    keyOptional: "Only where the receiver asks for one.",
    calendarFilter:
      "It is sent only what moves, frees or takes a slot. Its page can change that once it is added.",
    narrowed: (kinds: string | null) =>
      kinds === null ? "What its filter lets through" : `${kinds}, narrowed by its filter`,
    keyKept: "One is set. Leave it empty to keep it.",
    keyNone: "Sent along where this kind of receiver looks for it.",
    keyRemove: "Remove the key",
    test: "Try it",
    testText:
      "Sends one signed trial that speaks of no booking, also while it is paused or disabled.",
    preview: "What is sent",
    previewText: "The exact request for a booking, before anything is sent.",
    previewNewest: "The newest event there is",
    previewShow: "Show the request",
    previewNone: "There is no booking yet to show it for.",
    previewSkip: "Nothing would be sent:",
    previewRefused: "It would not arrive:",
    secret: "Signing secret",
    secretText: "Receivers check by it that a request is ours and fresh.",
    verify: "Check the signature at the receiver",
    language: "Language",
    portal: "A link for the receiver's people",
    portalText:
      "Shows what was sent here and what was answered, without an account and nothing else. Whoever has it can read it.",
    portalHours: "Counts for",
    portalSpans: {
      "24": "A day",
      "168": "A week",
      "720": "30 days",
      "2160": "90 days",
    } as Readonly<Record<string, string>>,
    portalMake: "Make a link",
    portalUrl: "Link",
    portalUntil: (when: string) => `It counts until ${when}. It is shown this one time.`,
    portalRevoke: "Take back all links",
    portalRevokeQuestion: "Every link to this log that was ever made stops working at once.",
    portalRevoked: "All links were taken back.",
    end: { active: "Pause or remove", paused: "Resume or remove", disabled: "Resume or remove" },
    endText: {
      active:
        "While it is paused, what happens is kept for it and goes out when it is resumed. Removing it ends that.",
      paused:
        "It is paused: what happens is kept for it and goes out when it is resumed. Removing it ends that.",
      disabled:
        "It is disabled: what happens is listed as skipped, and is not sent. Removing it ends that.",
    },
    disabled: {
      title: "Nothing is sent here",
      todo: "Put the receiver right, or enter another address below. “Send test” shows whether it answers. Then resume it.",
      resuming:
        "What happens from then on is sent. What it missed stays in the list as skipped or cancelled, and goes out when you send it anew.",
      resumed: "It is sent to again",
      resumedText:
        "What it missed is not sent by itself. Open the list of it, and choose “Send these anew”.",
      missed: (n: number, isMore: boolean) =>
        `Show what it missed: ${n.toLocaleString("en-GB")}${isMore ? " or more" : ""}`,
      missedNone: "It missed nothing.",
    },
  },
  portal: {
    title: (destination: string) => `Deliveries to ${destination}`,
    from: (organisation: string) => `From ${organisation}. For reading only.`,
    until: (when: string) => `This link counts until ${when}.`,
    overTitle: "This link is over",
    overText: "It has expired or was taken back. Ask whoever gave it to you for another one.",
    empty: "Nothing was sent yet",
    emptyText: "The next change of a booking appears here.",
    loading: "Reading the log…",
  },
};
