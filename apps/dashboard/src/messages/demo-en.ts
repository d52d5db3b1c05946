const plural = new Intl.PluralRules("en-GB");
const number = new Intl.NumberFormat("en-GB");

/** `1 message`, `2,000 messages`. */
const count = (n: number, one: string, other: string): string =>
  `${number.format(n)} ${plural.select(n) === "one" ? one : other}`;

/** Texts of the demo page. */
export const demoEn = {
  title: "Real-time bookings",
  intro:
    "A simulated Cal.com posts to this hub, and you make its life hard: move the sliders, let a thousand things happen, cut the network. Nothing gets lost, and nothing comes twice.",
  number: (n: number) => number.format(n),
  none: {
    title: "This is a page of the demo organisation",
    switchTo: (name: string) =>
      `Switch to ${name}: there bookings are simulated, and you can make the source repeat, delay, reorder and lose its messages.`,
    switch: "Switch to the demo",
    start:
      "Start the hub with a demo, and switch to its organisation. It is apart from everything of your own.",
    command: "Command that starts the hub with a demo",
    notRunning: "The demo is not running",
    notRunningText:
      "This hub was started without it. What is here is what an earlier run has left.",
  },
  counters: {
    title: "Counters",
    sent: "Sent",
    sentText: "things that happened at the source",
    shown: "Shown",
    shownText: "events that reached this page",
    lost: "Lost",
    noneLost: "Nothing is missing",
    someLost: "are not shown as they truly are",
    doubled: "Doubled",
    noneDoubled: "Nothing is here twice",
    someDoubled: "are shown more than once",
    since: (time: string, first: number) =>
      `Counted since ${time}, from event ${number.format(first)} of the log on.`,
    beginning: "Counting begins as soon as the live events are connected.",
    notRunning:
      "The demo is not running. The counting begins anew when the hub is started with it: npm start -- --demo",
    paused: "The live events are paused: what happens meanwhile is counted when they go on.",
    settled: "Every visit is shown as it truly is.",
    underWay: (n: number) =>
      `${count(n, "visit is", "visits are")} still under way: held back, or about to be shown.`,
    restart: "Count anew",
    unreachable: (why: string) => `${why}; the counting goes on when that is over.`,
  },
  source: {
    title: "The source",
    text: "What goes wrong between Cal.com and the hub, each with its share of the messages.",
    reset: "Reset to the usual",
    pace: "Pace",
    paces: (perMinute: number) =>
      perMinute === 0
        ? "resting"
        : perMinute <= 60
          ? `something every ${count(60 / perMinute, "second", "seconds")}`
          : `${count(perMinute / 60, "thing", "things")} a second`,
    duplicate: "Sent twice",
    delay: "Held back",
    delaySeconds: "For at most",
    reorder: "Overtaken",
    fail: "Lost on the way, and sent again",
    percent: (n: number) => `${n} %`,
    seconds: (n: number) => count(n, "second", "seconds"),
  },
  happened: {
    title: "What became of the messages",
    posted: "Requests made",
    posted_twice: "Sent twice on purpose",
    lost_on_the_way: "Requests lost on the way",
    answers_lost: "Answers lost on the way back",
    taken: "Taken by the hub",
    refused: "Refused by the hub",
    given_up: "Given up",
    held_back: "Held back now",
  },
  burst: {
    title: "Make much happen",
    text: "As fast as the hub takes it. People then book further ahead, up to a year.",
    count: "How many things",
    begin: "Let it happen",
    cancel: "Stop",
    progress: (done: number, asked: number) =>
      `${number.format(done)} of ${count(asked, "thing has", "things have")} happened`,
    states: {
      running: "Happening",
      done: "Done",
      cancelled: "Stopped",
    },
  },
  toSource: "Skip the live events",
  oneBooking: {
    title: "One booking",
    of: (n: number, title: string) => `One booking: #${n} ${title}`,
    none: "Choose a booking by its number above: here is what became of it, from its first event on.",
  },
  webhook: {
    title: "Webhooks",
    text: "What comes in has to prove itself, and what goes out can be proven.",
    right: "Post with the right signature",
    wrong: "Post with a wrong signature",
    outgoing: "Send a test event to the receiver",
    busy: "Posting…",
    taken: (status: number) => `Taken: the hub answered ${status}.`,
    refused: (status: number, title: string) => `Refused: the hub answered ${status}, ${title}.`,
    nobody: "Nobody answered.",
    message: "See it in the inbox",
    keptOut: "It proved nothing, so it is not in the inbox.",
    delivered: (status: number, took: string) =>
      `Delivered: the receiver checked the signature and answered ${status} (${took}).`,
    failed: (why: string, status: number | null) =>
      status === null ? `Not delivered: ${why}.` : `Not delivered: ${why} (HTTP ${status}).`,
    destination: "Open the destination",
    deliveries: "See all deliveries",
  },
  subscriptions: {
    title: "Subscriptions",
    text: "All of them share one connection, however many there are.",
    kind: "Follow",
    kinds: { booking: "a booking", user: "a member", provider: "a provider" },
    booking: "Booking",
    user: "Member",
    provider: "Provider",
    me: "Myself",
    subscribe: "Subscribe",
    none: "Nothing to choose from yet: wait for an event.",
    active: (n: number, most: number) => `${n} of at most ${most} are active.`,
    full: "Unsubscribe from one to follow another, or follow the whole organisation and filter.",
    heard: (n: number) => count(n, "event", "events"),
    unsubscribe: "Unsubscribe",
    unsubscribeFrom: (name: string) => `Unsubscribe from ${name}`,
    unsubscribeAll: "Unsubscribe from all",
    list: "Active subscriptions",
    quiet: "Nothing yet",
  },
  examples: {
    title: "In your own application",
    text: "Each of them works as it stands, once it has a key of this organisation; that for React with the server for React beside it.",
    language: "Example",
    names: {
      react: "React",
      grants: "Server for React",
      javascript: "JavaScript",
      curl: "curl",
      webhook: "Verify a webhook",
    },
    notes: {
      react:
        "In a page there is only a publishable key, which names the page's origin. The page's own server makes a grant for each visitor, at the page's own address.",
      grants:
        "For Node. It answers /stream-grant, with a secret key that has the scopes stream:mint and events:read; have the server of your pages pass that path on to it.",
      javascript: "For Node, or anything else that runs JavaScript away from other people's eyes.",
      curl: "The stream as it is: server-sent events. It goes on until you stop it.",
      webhook:
        "A receiver that trusts only what this hub has signed. Make a destination for it, and put in its secret.",
    },
    keys: "Make an API key",
    destinations: "Make a destination",
  },
};
