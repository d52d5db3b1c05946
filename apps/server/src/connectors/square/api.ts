import type { Attendee, BookingFields, Provider } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { callSource, type SourceAnswer } from "../call-source.ts";
import { cleanText } from "../clean-text.ts";
import type { ApiAccess, ConnectorApi, ReportedBooking } from "../connector.ts";
import { readCurrency } from "../read-price.ts";
import { readTimeZone } from "../read-time-zone.ts";
import { SourceApiError } from "../source-api-error.ts";
import { readAddress, segmentsOf } from "./fields.ts";
import { interpret } from "./interpret.ts";
import { bookingSchema, type SquareBooking } from "./schema.ts";

/** Without it the API answers as it did when the application was made. */
const API_VERSION = "2024-01-18";
const MAX_NAME = 200;
const MAX_EMAIL = 320;
const MAX_PHONE = 50;

/** Square's Bookings API, and what it knows of the customer, the service, the person and the place. */
export const squareApi: ConnectorApi = {
  defaultUrl: "https://connect.squareup.com",
  open: (access) => ({ getBooking: (id) => getBooking(access, id) }),
};

async function getBooking(access: ApiAccess, id: string): Promise<ReportedBooking | null> {
  let answer: SourceAnswer;
  try {
    answer = await get(access, `/v2/bookings/${encodeURIComponent(id)}`);
  } catch (error) {
    if (error instanceof SourceApiError && error.problem === "not_found") return null;
    throw error;
  }
  const booking = bookingSchema.safeParse(isRecord(answer.body) ? answer.body["booking"] : null);
  if (!booking.success) throw notUnderstood();
  const reported = report(booking.data, answer, access);
  const details = await detailsOf(access, booking.data);
  const { change } = reported;
  return {
    ...reported,
    change: { ...change, fields: { ...change.fields, ...details } },
    label: details.title ?? reported.label,
  };
}

function get(access: ApiAccess, path: string): Promise<SourceAnswer> {
  return callSource(access, {
    method: "GET",
    path,
    headers: { authorization: `Bearer ${access.key}`, "square-version": API_VERSION },
    reasonIn,
  });
}

/** `{ errors: [{ category, code, detail }] }` */
function reasonIn(body: unknown): unknown {
  const errors = isRecord(body) ? body["errors"] : null;
  const first: unknown = Array.isArray(errors) ? errors[0] : null;
  return isRecord(first) ? (first["detail"] ?? first["code"]) : null;
}

/** Reads the booking by the rules for messages: those carry the same one. */
function report(
  booking: SquareBooking,
  { asOf }: SourceAnswer,
  { timeZone }: ApiAccess,
): ReportedBooking {
  const message = { type: "booking.updated", created_at: asOf, data: { object: { booking } } };
  const context = { receivedAt: new Date(asOf), timeZone, settings: {}, headers: {} };
  const read = interpret(message, context);
  if (read.outcome !== "change" || read.change.fields.startsAt === undefined) throw notUnderstood();
  return { change: read.change, nextUid: null, label: booking.id, asOf };
}

async function detailsOf(
  access: ApiAccess,
  booking: SquareBooking,
): Promise<Partial<BookingFields>> {
  const [first] = segmentsOf(booking);
  const of = (folder: string, id: unknown, member: string, query = "") =>
    getIfAllowed(access, folder, id, member, query);
  const [customer, service, person, place] = await Promise.all([
    of("/v2/customers", booking.customer_id, "customer"),
    getService(access, first?.["service_variation_id"]),
    of("/v2/team-members", first?.["team_member_id"], "team_member"),
    of("/v2/locations", booking.location_id, "location"),
  ]);
  const fields = {
    attendees: customer === null ? null : attendeesOf(customer),
    provider: person === null ? null : providerOf(person),
    timeZone: place === null ? null : readTimeZone(place["timezone"]),
    location:
      booking.location_type === "CUSTOMER_LOCATION" || place === null ? null : placeOf(place),
    ...service,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** What the key may not see is left out; what may come later is tried again with the whole. */
async function getIfAllowed(
  access: ApiAccess,
  folder: string,
  id: unknown,
  member: string,
  query: string,
): Promise<Record<string, unknown> | null> {
  const name = cleanText(id, MAX_NAME);
  if (name === null) return null;
  try {
    const { body } = await get(access, `${folder}/${encodeURIComponent(name)}${query}`);
    const found = isRecord(body) ? body[member] : null;
    return isRecord(found)
      ? { ...found, related_objects: isRecord(body) ? body["related_objects"] : null }
      : null;
  } catch (error) {
    if (error instanceof SourceApiError && !error.mayPass) return null;
    throw error;
  }
}

/** A service is a variation ("Small dog") of an item ("Grooming") with a price of its own. */
async function getService(access: ApiAccess, id: unknown): Promise<Partial<BookingFields>> {
  const query = "?include_related_objects=true";
  const variation = await getIfAllowed(access, "/v2/catalog/object", id, "object", query);
  if (variation === null) return {};
  const data = variation["item_variation_data"];
  const { name, item_id: itemId, price_money: price } = isRecord(data) ? data : {};
  const related = variation["related_objects"];
  const objects = Array.isArray(related) ? related.filter(isRecord) : [];
  const item = objects.find((one) => one["id"] === itemId)?.["item_data"];
  const names = [isRecord(item) ? item["name"] : null, name]
    .map((one) => cleanText(one, MAX_NAME))
    .filter((one) => one !== null && one !== "Regular");
  const serviceName = cleanText([...new Set(names)].join(", "), MAX_NAME);
  return {
    ...(serviceName === null ? {} : { serviceName, title: serviceName }),
    ...priceOf(price),
  };
}

/** `{ amount, currency }`, the amount in the smallest unit. */
function priceOf(price: unknown): Partial<BookingFields> {
  if (!isRecord(price)) return {};
  const { amount } = price;
  const currency = readCurrency(price["currency"]);
  const isAmount = typeof amount === "number" && Number.isSafeInteger(amount) && amount >= 0;
  return isAmount && currency !== null ? { priceMinor: amount, currency } : {};
}

function attendeesOf(customer: Record<string, unknown>): Attendee[] | null {
  const attendee: Attendee = {
    name: fullName(customer) ?? cleanText(customer["company_name"], MAX_NAME),
    email: cleanText(customer["email_address"], MAX_EMAIL),
    phone: cleanText(customer["phone_number"], MAX_PHONE),
    status: "accepted",
    seatRef: null,
  };
  const { name, email, phone } = attendee;
  return name === null && email === null && phone === null ? null : [attendee];
}

function providerOf(person: Record<string, unknown>): Provider | null {
  const name = fullName(person);
  const email = cleanText(person["email_address"], MAX_EMAIL);
  return name === null && email === null ? null : { name, email };
}

function placeOf(place: Record<string, unknown>): string | null {
  const parts = [cleanText(place["name"], MAX_NAME), readAddress(place["address"])];
  return cleanText(parts.filter((part) => part !== null).join(", "), MAX_NAME * 5);
}

function fullName(person: Record<string, unknown>): string | null {
  const names = [person["given_name"], person["family_name"]]
    .map((name) => cleanText(name, MAX_NAME))
    .filter((name) => name !== null);
  return cleanText(names.join(" "), MAX_NAME);
}

const notUnderstood = (): SourceApiError =>
  new SourceApiError("unavailable", "The answer does not have the documented form.");
