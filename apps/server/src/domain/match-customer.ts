/*
 * Glossary. A booking is *linked* to a customer and to subjects (pets, homes, cars). A message may
 * *name* records of the hub by id; a *candidate* is a record that the ledger found by what the
 * message says, in the organisation that the message came to.
 */
import type { Attendee } from "./booking.ts";
import { normaliseEmail } from "./normalise-email.ts";
import { normalisePhone } from "./normalise-phone.ts";
import { areSimilarNames } from "./similar-names.ts";
import { splitName } from "./split-name.ts";

/**
 * Records that a message says it is about. Anybody may have written it, and they may be another
 * organisation's: it names them, and links nothing by itself.
 */
export interface NamedRecords {
  readonly customerId: string | null;
  readonly subjectId: string | null;
}

/** How somebody who booked can be reached and recognised. */
export interface Contact {
  readonly name: string | null;
  /** As it was written, and in its normal form; null when it has none. */
  readonly email: { readonly raw: string; readonly norm: string } | null;
  /** The normal form is E.164. */
  readonly phone: { readonly raw: string; readonly norm: string } | null;
}

/** By what a customer was found. */
export type FoundBy = "name" | "email" | "phone";

/** A customer that a booking may be of. */
export interface CustomerCandidate {
  readonly id: string;
  readonly version: number;
  /** `name`: the message names the customer, or only the subject. */
  readonly by: FoundBy | "subject";
  readonly displayName: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly hasEmail: boolean;
  readonly hasPhone: boolean;
  /** Fields that a person filled, or emptied: messages leave them alone. */
  readonly edited: readonly string[];
}

/** A subject that the message names. */
export interface SubjectCandidate {
  readonly id: string;
  readonly customerId: string;
}

/** What the ledger found by what a message says. */
export interface Candidates {
  readonly customers: readonly CustomerCandidate[];
  readonly subjects: readonly SubjectCandidate[];
}

/** An address or a number by which a customer is recognised from now on. */
export interface NewIdentity {
  readonly kind: "email" | "phone" | "external";
  readonly raw: string;
  readonly norm: string;
}

/** A customer that is not known yet. */
export interface NewCustomer {
  readonly displayName: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly identities: readonly NewIdentity[];
  /**
   * How many customers were found by the phone: if there are more by now, it is matched again. Null
   * when a person says that it is somebody new.
   */
  readonly seenWithPhone: number | null;
}

/** What a message adds to a customer who lacks it. */
export interface CustomerBlanks {
  /** Of the customer that lacked it. */
  readonly version: number;
  readonly displayName: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly identities: readonly NewIdentity[];
}

/** Why records that a message names are not linked. */
export type Rejection =
  | { readonly why: "unknown"; readonly customer: boolean; readonly subject: boolean }
  | { readonly why: "not_theirs" };

export type CustomerMatch =
  | {
      readonly outcome: "found";
      readonly customerId: string;
      readonly subjectIds: readonly string[];
      readonly blanks: CustomerBlanks | null;
    }
  | { readonly outcome: "new"; readonly customer: NewCustomer }
  /** Nobody can say whose the booking is; a person may. */
  | { readonly outcome: "none" }
  /** It names what it may not, or what there is not: nothing is linked. */
  | { readonly outcome: "rejected"; readonly rejection: Rejection };

/**
 * Chooses the customer of a booking: by the ids that the message names, else by e-mail, else by a
 * phone together with a similar name; else it is somebody new. Pure.
 * @param named null when the message names nothing
 * @param contact null when the message tells no way to reach anybody
 */
export function matchCustomer(
  { customers, subjects }: Candidates,
  named: NamedRecords | null,
  contact: Contact | null,
): CustomerMatch {
  if (named !== null) return matchNamed({ customers, subjects }, named, contact);
  if (contact === null) return { outcome: "none" };
  const byEmail = customers.find(({ by }) => by === "email");
  if (byEmail !== undefined) return foundBy(byEmail, contact);
  const withPhone = customers.filter(({ by }) => by === "phone");
  const similar = withPhone
    .filter((candidate) => isSimilar(candidate, contact.name))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const [oldest] = similar;
  if (oldest !== undefined) {
    // Several members of a family may be meant by one initial. Who is known twice is one person.
    const isOne = similar.every((candidate) => isSimilar(oldest, candidate.displayName));
    return isOne ? foundBy(oldest, contact) : { outcome: "none" };
  }
  // A number alone is a family's: it makes nobody new.
  if (contact.email === null && contact.name === null) return { outcome: "none" };
  return { outcome: "new", customer: newCustomer(contact, withPhone.length) };
}

/** Names that say nothing name nobody. */
export function namedOrNull(named: NamedRecords | undefined): NamedRecords | null {
  return named === undefined || (named.customerId ?? named.subjectId) === null ? null : named;
}

function matchNamed(
  { customers, subjects }: Candidates,
  { customerId, subjectId }: NamedRecords,
  contact: Contact | null,
): CustomerMatch {
  const [subject] = subjects;
  const wanted = customerId === null ? "subject" : "name";
  const customer = customers.find(({ by }) => by === wanted);
  const isUnknown = {
    customer: customerId !== null && customer === undefined,
    subject: subjectId !== null && subject === undefined,
  };
  if (isUnknown.customer || isUnknown.subject || customer === undefined) {
    return { outcome: "rejected", rejection: { why: "unknown", ...isUnknown } };
  }
  // A pet alone may be anybody's: who booked is known to be somebody else.
  const booker = customerId === null ? bookerAmong(customers, contact) : undefined;
  const isTheirs = booker === undefined || booker.id === customer.id;
  if ((subject !== undefined && subject.customerId !== customer.id) || !isTheirs) {
    return { outcome: "rejected", rejection: { why: "not_theirs" } };
  }
  // Whoever can write a link can name a customer: that makes no address the customer's.
  const subjectIds = subject === undefined ? [] : [subject.id];
  return { outcome: "found", customerId: customer.id, subjectIds, blanks: null };
}

/** The customer that whoever booked is known to be, by e-mail or by phone and name. */
function bookerAmong(
  customers: readonly CustomerCandidate[],
  contact: Contact | null,
): CustomerCandidate | undefined {
  const byEmail = customers.find(({ by }) => by === "email");
  return (
    byEmail ??
    customers.find(
      (candidate) => candidate.by === "phone" && isSimilar(candidate, contact?.name ?? null),
    )
  );
}

function isSimilar(candidate: CustomerCandidate, name: string | null): boolean {
  return name !== null && areSimilarNames(candidate.displayName, name);
}

function foundBy(candidate: CustomerCandidate, contact: Contact): CustomerMatch {
  return {
    outcome: "found",
    customerId: candidate.id,
    subjectIds: [],
    blanks: blanksOf(candidate, contact),
  };
}

/** Fills what is empty; never what a person filled or emptied. */
function blanksOf(candidate: CustomerCandidate, contact: Contact): CustomerBlanks | null {
  const isOpen = (field: string): boolean => !candidate.edited.includes(field);
  const addsEmail = !candidate.hasEmail && isOpen("email") && contact.email !== null;
  const addsPhone = !candidate.hasPhone && isOpen("phone") && contact.phone !== null;
  const identities = identitiesOf({
    name: null,
    email: addsEmail ? contact.email : null,
    phone: addsPhone ? contact.phone : null,
  });
  const names = isOpen("name") ? missingNames(candidate, contact.name) : noNames;
  const isNothing = identities.length === 0 && names === noNames;
  return isNothing ? null : { version: candidate.version, ...names, identities };
}

type Names = Pick<CustomerBlanks, "displayName" | "firstName" | "lastName">;
const noNames: Names = { displayName: null, firstName: null, lastName: null };

function missingNames(candidate: CustomerCandidate, name: string | null): Names {
  const { firstName, lastName } = splitName(name ?? "");
  if (firstName === null || candidate.lastName !== null) return noNames;
  // Until now the address or the number was all that they were called by.
  if (candidate.firstName === null) {
    const isPlaceholder = splitName(candidate.displayName).firstName === null;
    return isPlaceholder ? { displayName: name?.trim() ?? null, firstName, lastName } : noNames;
  }
  const isTheirs = candidate.firstName.toLowerCase() === firstName.toLowerCase();
  if (lastName === null || !isTheirs) return noNames;
  return { displayName: name?.trim() ?? null, firstName: null, lastName };
}

/** Somebody who is not known yet, by what is known of how to reach them. */
export function newCustomer(contact: Contact, seenWithPhone: number | null): NewCustomer {
  const displayName = contact.name ?? contact.email?.raw ?? contact.phone?.raw ?? "";
  return {
    displayName,
    ...splitName(contact.name ?? ""),
    identities: identitiesOf(contact),
    seenWithPhone,
  };
}

function identitiesOf({ email, phone }: Contact): NewIdentity[] {
  return [
    ...(email === null ? [] : [{ kind: "email", ...email } as const]),
    ...(phone === null ? [] : [{ kind: "phone", ...phone } as const]),
  ];
}

/** The first of those who come that can be reached: whose booking it is, when nobody says so. */
export function reachable(attendees: readonly Attendee[]): Attendee | null {
  return (
    attendees.find(
      ({ email, phone, status }) => status !== "cancelled" && (email ?? phone) !== null,
    ) ?? null
  );
}

/**
 * How somebody can be reached, or null when by nothing that can be understood.
 * @param country of numbers that do not tell theirs, ISO 3166; null when it is not known
 */
export function contactOf(
  person: Pick<Attendee, "name" | "email" | "phone"> | null,
  country: string | null,
): Contact | null {
  if (person === null) return null;
  const { name, email, phone } = person;
  const emailNorm = normaliseEmail(email);
  const phoneNorm = normalisePhone(phone, country);
  if (emailNorm === null && phoneNorm === null) return null;
  return {
    name: name?.trim() || null,
    email: emailNorm === null ? null : { raw: email?.trim() ?? "", norm: emailNorm },
    phone: phoneNorm === null ? null : { raw: phone?.trim() ?? "", norm: phoneNorm },
  };
}
