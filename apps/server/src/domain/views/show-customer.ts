import type {
  BookingSubject,
  CustomerDetail,
  CustomerResource,
  SubjectResource,
} from "@slotwire/contract";
import { type KnownContacts, knownContacts, maskId, maskText } from "./known-contacts.ts";
import { HIDDEN, maskContact } from "./mask-contact.ts";
import type { Detail } from "./view.ts";

/** A customer as somebody is shown them. They keep their shape: what is hidden is masked or null. */
export function showCustomer<Customer extends CustomerResource>(
  customer: Customer,
  detail: Detail,
  known: KnownContacts = contactsOf(customer),
): Customer {
  if (detail === "full") return customer;
  const isBare = detail === "ids";
  const text = (value: string): string => (isBare ? "" : maskText(value, known));
  const textOrNull = (value: string | null): string | null =>
    value === null || isBare ? null : maskText(value, known);
  return {
    ...customer,
    name: text(customer.name),
    first_name: textOrNull(customer.first_name),
    last_name: textOrNull(customer.last_name),
    email: isBare ? null : customer.email && maskContact(customer.email),
    phone: isBare ? null : customer.phone && maskContact(customer.phone),
    external_id: customer.external_id && shownId(customer.external_id, known),
    tags: isBare ? [] : customer.tags.map(text),
    subjects: customer.subjects.map((subject) => showSubject(subject, detail, known)),
  };
}

/** The same with everything by which they are recognised. */
export function showCustomerDetail(customer: CustomerDetail, detail: Detail): CustomerDetail {
  if (detail === "full") return customer;
  const known = contactsOf(customer, customer.identities);
  const shown = showCustomer(customer, detail, known);
  const identities = customer.identities.map((identity) => ({
    ...identity,
    value:
      identity.kind === "external" ? shownId(identity.value, known) : maskContact(identity.value),
  }));
  return { ...shown, identities: detail === "ids" ? [] : identities };
}

/** What is a customer's, as somebody is shown it. */
function showSubject<Subject extends BookingSubject>(
  subject: Subject,
  detail: Detail,
  known: KnownContacts = knownContacts(undefined),
): Subject {
  if (detail === "full") return subject;
  if (detail === "ids") return { ...subject, name: "", breed: null, allergies: [] };
  return {
    ...subject,
    name: maskText(subject.name, known),
    breed: subject.breed && maskText(subject.breed, known),
    allergies: subject.allergies.map((allergy) => maskText(allergy, known)),
  };
}

/** A subject by itself, with the organisation's id for it. */
export function showSubjectResource(subject: SubjectResource, detail: Detail): SubjectResource {
  if (detail === "full") return subject;
  const known = knownContacts(undefined);
  const shown = showSubject(subject, detail, known);
  return { ...shown, external_id: subject.external_id && shownId(subject.external_id, known) };
}

function contactsOf(
  { email, phone }: CustomerResource,
  identities: CustomerDetail["identities"] = [],
): KnownContacts {
  const others = identities.map(({ kind, value }) => ({ [kind]: value }));
  return knownContacts(undefined, { attendees: [{ email, phone }, ...others] });
}

/** Some use their customers' addresses and numbers as ids. */
function shownId(id: string, known: KnownContacts): string {
  return id.includes("@") || maskText(id, known) !== id ? HIDDEN : maskId(id, known);
}
