/** What a pet has to say for itself on a booking form. The hub's subjects fit as they are. */
export interface CalComPet {
  /** The hub's id of the pet, or the organisation's own (`external_id`). */
  readonly id: string;
  readonly name: string;
  readonly breed?: string | null;
}

/** Who books. The hub's customers fit as they are. */
export interface CalComCustomer {
  /** The hub's id of the customer, or the organisation's own (`external_id`). */
  readonly id: string;
  readonly name: string;
  readonly email?: string | null;
  /** With its country's code, as Cal.com's forms want it. */
  readonly phone?: string | null;
  readonly subjects?: readonly CalComPet[];
}

export interface CalComPrefillOptions {
  /** What is booked: `salon/grooming`, or the whole address of its booking page. */
  readonly calLink: string;
  /** Where Cal.com is: `https://cal.com` unless the link says so, or you host it yourself. */
  readonly origin?: string;
  /** Where the embed's script is, when that is not `/embed/embed.js` of the origin. */
  readonly scriptUrl?: string;
  readonly customer: CalComCustomer;
  /** Null for a visit that is about none. */
  readonly pet?: CalComPet | null;
  /** The form's notes; nothing when absent. */
  readonly notes?: string;
  /** The metadata's key for the customer's id; as the hub's connection is set. */
  readonly customerKey?: string;
  /** The metadata's key for the pet's id; as the hub's connection is set. */
  readonly petKey?: string;
  readonly theme?: "light" | "dark" | "auto";
  readonly layout?: "month_view" | "week_view" | "column_view";
}

/** A booking form of Cal.com that knows who books for whom. */
export interface CalComPrefill {
  /** For `Cal("inline", { calLink, config })`. */
  readonly calLink: string;
  readonly config: Readonly<Record<string, string>>;
  /** For `Cal("init", { origin })`. */
  readonly embedOrigin: string;
  readonly scriptUrl: string;
  /** The booking page itself with the same prefill, where no script can be had. */
  readonly url: string;
}

/**
 * Builds what Cal.com's embed is given, and the link that does the same without it. The ids travel
 * in the booking's metadata, which Cal.com keeps and its webhook brings to the hub.
 * Keys: https://cal.com/help/embedding/prefill-booking-form-embed
 * @throws TypeError when link or origin is no address of a web page
 */
export function calComPrefill(options: CalComPrefillOptions): CalComPrefill {
  const page = pageOf(options);
  const config = configOf(options);
  const calLink = `${page.pathname.slice(1)}${page.search}`;
  const embedOrigin = appOrigin(page);
  for (const [key, value] of Object.entries(config)) page.searchParams.set(key, value);
  return {
    calLink,
    config,
    embedOrigin,
    scriptUrl: options.scriptUrl ?? `${embedOrigin}/embed/embed.js`,
    url: page.href,
  };
}

function pageOf({ calLink, origin }: CalComPrefillOptions): URL {
  const isAddress = /^https?:\/\//i.test(calLink);
  const root = new URL(origin ?? (isAddress ? calLink : "https://cal.com"));
  if (!/^https?:$/.test(root.protocol)) throw new TypeError(`${root.href} is no web page`);
  const path = isAddress ? new URL(calLink) : new URL(`http://path/${withoutSlashes(calLink)}`);
  if (path.pathname === "/") throw new TypeError("calLink does not say what is booked");
  return new URL(`${withoutSlashes(path.pathname)}${path.search}`, `${root.origin}/`);
}

const withoutSlashes = (path: string): string => path.trim().replace(/^\/+|\/+$/g, "");

/** Cal.com's own pages are embedded from its application's host. */
function appOrigin({ origin, hostname }: URL): string {
  const [, tld] = /^(?:www\.)?cal\.(com|eu)$/.exec(hostname) ?? [];
  return tld === undefined ? origin : `https://app.cal.${tld}`;
}

function configOf(options: CalComPrefillOptions): Record<string, string> {
  const { customer, pet, customerKey = "barkbookClientId", petKey = "barkbookPetId" } = options;
  // Event types ask for a number in one of two fields, by how they were set up.
  const phone = customer.phone;
  const fields: Record<string, string | null | undefined> = {
    name: customer.name,
    email: customer.email,
    smsReminderNumber: phone,
    attendeePhoneNumber: phone,
    notes: options.notes,
    [`metadata[${customerKey}]`]: customer.id,
    [`metadata[${petKey}]`]: pet?.id,
    theme: options.theme,
    layout: options.layout,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]): [string, string][] => {
      const text = value?.trim() ?? "";
      return text === "" ? [] : [[key, text]];
    }),
  );
}
