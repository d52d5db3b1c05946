import type { FeedResource } from "@slotwire/contract";

type Scope = FeedResource["scope"];

/** Texts of calendar feeds. */
export const feedsEn = {
  title: "Calendar feeds",
  intro: "Addresses at which calendars read bookings: Google, Outlook, a phone, a planning system.",
  ownIntro: "Addresses at which your calendar reads your bookings.",
  add: "Make a feed",
  emptyTitle: "No calendar feeds yet",
  emptyText: "Make one, and subscribe to its address in the calendar where bookings should show.",
  name: "Name",
  nameHint: "What the calendar is called where it is read.",
  namePlaceholder: "The salon",
  whose: "Whose bookings",
  scopes: {
    organisation: "All bookings",
    provider: "One provider's",
    customer: "One customer's",
  } satisfies Record<Scope, string>,
  provider: "The provider's e-mail",
  customer: "Search customers",
  customerHint: "A name, a pet, an e-mail or a phone number.",
  customerHintByName: "A name or a pet.",
  nobody: "Nobody is found by that.",
  customersFound: "Customers found",
  names: "Show names",
  namesHint:
    "Titles, names, descriptions and places are then seen by whoever has the address. Without, it says which service, and when.",
  create: "Make the feed",
  creating: "Making…",
  createdTitle: (name: string) => `The address of ${name}`,
  once: "Copy it now: it is shown this one time. Whoever has it can read the feed, so pass it on like a password.",
  address: "Address of the feed",
  how: "In the calendar, choose to subscribe to a calendar by its address. Google Calendar may take hours to come back for changes.",
  done: "I have stored it",
  of: (scope: Scope, whose: string | null) =>
    whose === null ? feedsEn.scopes[scope] : `Bookings of ${whose}`,
  withNames: "With names",
  read: "read",
  unread: "never read",
  madeByKey: "made with an API key",
  madeBy: (name: string) => `made by ${name}`,
  days: (back: number, ahead: number) => `${back} days back, ${ahead} ahead`,
  revoke: "End",
  revokeOf: (name: string) => `End ${name}`,
  revokeConfirm: (name: string) =>
    `Calendars that read ${name} show nothing of it any more. Its address cannot be brought back.`,
};
