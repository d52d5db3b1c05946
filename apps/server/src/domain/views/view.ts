/**
 * How much somebody is shown. `full`: as it is stored. `masked`: without customers' phone numbers
 * and e-mail addresses. `ids`: ids, numbers, states and times, and nothing that anybody wrote.
 */
export type Detail = "full" | "masked" | "ids";

/** Narrows to one provider's bookings. Without an address nothing is theirs. */
export interface Own {
  /** In lower case; null when it is not known which provider they are. */
  readonly providerEmail: string | null;
}

/** Through whose eyes an organisation's bookings are read. Whatever shows them asks for one. */
export interface View {
  readonly orgId: string;
  readonly detail: Detail;
  /** Whose bookings are theirs to see; null for everybody's. */
  readonly own: Own | null;
}

/** Everything there is in the organisation: for the hub's own work. */
export function wholeView(orgId: string): View {
  return { orgId, detail: "full", own: null };
}

/** Whether two askers are shown the same. */
export function isSameView(one: View, other: View): boolean {
  return (
    one.orgId === other.orgId &&
    one.detail === other.detail &&
    (one.own === null) === (other.own === null) &&
    one.own?.providerEmail === other.own?.providerEmail
  );
}

/** Whether a booking of the provider with this address is theirs. */
export function isOwn(own: Own | null, providerEmail: string | null | undefined): boolean {
  if (own === null) return true;
  if (own.providerEmail === null || providerEmail == null) return false;
  return providerEmail.toLowerCase() === own.providerEmail;
}
