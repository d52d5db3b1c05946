import type { MappedField, Mapping } from "@slotwire/contract";
import { describeTime } from "../../domain/describe-event.ts";
import { cleanText } from "../clean-text.ts";
import { currencyDigits, readCurrency, readPrice } from "../read-price.ts";
import { readTimeZone } from "../read-time-zone.ts";
import { readUrl } from "../read-url.ts";
import { readExpression, type Scalar } from "./expression.ts";
import { readAmount } from "./read-amount.ts";
import { readTime } from "./read-time.ts";
import { eventOf, statusOf } from "./words.ts";

/** What a mapping reads for one field. */
export type FieldValue =
  /** The field is not mapped, or there is nothing of it in the message. */
  | { readonly state: "nothing"; readonly isMapped: boolean }
  | {
      readonly state: "read";
      /** As the source wrote it. */
      readonly raw: Scalar;
      /** As the hub takes it: times in RFC 3339 UTC, durations in minutes, the rest as text. */
      readonly value: string;
      /** What it means, for people; null where the value says it. */
      readonly meaning: string | null;
      /** It is a time without an offset. */
      readonly isLocal?: boolean;
    }
  | { readonly state: "wrong"; readonly raw: Scalar | null; readonly problem: string };

/** What all fields of a message are read with. */
export interface Reading {
  readonly body: unknown;
  readonly mapping: Mapping;
  /** IANA zone of the organisation. */
  readonly timeZone: string;
}

/** How a single value is understood; null when it cannot be, or a problem other than the usual. */
type Reader = (raw: Scalar, reading: Reading) => Understood | Misunderstood | null;
type Misunderstood = { problem: string };
type Understood = { value: string; meaning?: string | null; isLocal?: boolean };

const text =
  (maxLength: number): Reader =>
  (raw) =>
    understood(cleanText(String(raw), maxLength));

function understood(value: string | null): Understood | null {
  return value === null ? null : { value };
}

/** An id has to be stored as it is: one that would have to be changed is none. */
const id: Reader = (raw) => {
  const given = String(raw);
  return cleanText(given, 500) === given ? { value: given } : null;
};

const time: Reader = (raw, reading) => {
  const zone = zoneOf(reading);
  const read = readTime(raw, reading.mapping.time_format, zone);
  if (read === null) return null;
  const city = zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
  return {
    value: read.at,
    isLocal: read.isLocal,
    meaning: `${describeTime(read.at, zone)} ${city}`,
  };
};

const perMinute = { minutes: 1, hours: 1 / 60, seconds: 60 } as const;
const MAX_MINUTES = 31 * 24 * 60;

const duration: Reader = (raw, { mapping }) => {
  const clock = /^(\d{1,3}):(\d{2})$/.exec(String(raw).trim());
  const isNumber = /^\d{1,9}(?:\.\d{1,6})?$/.test(String(raw).trim());
  const minutes = clock
    ? Number(clock[1]) * 60 + Number(clock[2])
    : isNumber
      ? Number(raw) / perMinute[mapping.duration_unit]
      : Number.NaN;
  if (!(minutes > 0 && minutes <= MAX_MINUTES)) return null;
  return { value: String(minutes), meaning: `${Math.round(minutes * 100) / 100} minutes` };
};

const price: Reader = (raw, reading) => {
  const currency = readField("currency", reading);
  if (currency.state !== "read") return null;
  if (reading.mapping.price_unit === "minor") {
    if (!/^\d{1,12}$/.test(String(raw))) return null;
    const value = String(Number(raw));
    return { value, meaning: `${value} in the smallest unit of ${currency.value}` };
  }
  const written = readAmount(raw, currencyDigits(currency.value));
  if (written.state === "ambiguous") return { problem: ambiguousAmount };
  const read = written.state === "read" ? readPrice(written.amount, currency.value) : null;
  if (written.state !== "read" || read === null) return null;
  return { value: String(read.priceMinor), meaning: `${written.amount} ${read.currency}` };
};

const ambiguousAmount =
  "Its separator may stand before thousands or before decimals. Have the source write both, like 1234.00, or send a number.";

const event: Reader = (raw, { mapping }) => {
  const meaning = eventOf(raw, mapping);
  if (meaning !== null) return { value: String(raw), meaning: meaning.replaceAll("_", " ") };
  const idle = mapping.other_events === "ignore" ? "ignored" : "waits to be given a meaning";
  return { value: String(raw), meaning: idle };
};

const status: Reader = (raw, { mapping }) => {
  const meaning = statusOf(raw, mapping);
  return meaning === null ? null : { value: meaning, meaning: meaning.replaceAll("_", " ") };
};

const readers: Readonly<Record<MappedField, Reader>> = {
  event,
  uid: id,
  previous_uid: id,
  status,
  start: time,
  end: time,
  duration,
  time_zone: (raw) => understood(readTimeZone(raw)),
  title: text(500),
  description: text(5000),
  location: text(1000),
  meeting_url: (raw) => understood(readUrl(raw)),
  attendee_name: text(200),
  attendee_email: text(320),
  attendee_phone: text(50),
  provider_name: text(200),
  provider_email: text(320),
  service_key: text(200),
  service_name: text(200),
  price,
  currency: (raw) => understood(readCurrency(raw)),
  occurred_at: time,
  reason: text(1000),
  customer_ref: text(200),
  pet_ref: text(200),
};

/** Why a value that is there cannot be taken for one of the field. */
const problems: Partial<Readonly<Record<MappedField, string>>> = {
  uid: "An id has at most 500 characters, and no spaces at its ends.",
  previous_uid: "An id has at most 500 characters, and no spaces at its ends.",
  status: "This word has no meaning yet: choose one below.",
  start: "This is no time of the chosen form.",
  end: "This is no time of the chosen form.",
  occurred_at: "This is no time of the chosen form.",
  duration: "This is no duration of up to 31 days.",
  time_zone: "There is no such time zone: it is an IANA name, like Europe/Stockholm.",
  meeting_url: "This is no address of http or https.",
  price: "This is no amount, or its currency is not known.",
  currency: "This is no currency of three letters, like EUR.",
};

/** Reads one field of a message. Never throws. */
export function readField(field: MappedField, reading: Reading): FieldValue {
  const expression = reading.mapping.fields[field];
  if (expression === undefined) return { state: "nothing", isMapped: false };
  const found = readExpression(expression, reading.body);
  if (found.state === "nothing") return { state: "nothing", isMapped: true };
  if (found.state === "wrong") return { state: "wrong", raw: null, problem: found.problem };
  const read = readers[field](found.value, reading);
  if (read === null || "problem" in read) {
    const problem = read?.problem ?? problems[field] ?? "There is nothing in it.";
    return { state: "wrong", raw: found.value, problem };
  }
  return { state: "read", raw: found.value, meaning: null, ...read };
}

/** The value of a field; null when there is none, or it cannot be read. */
export function valueOf(field: MappedField, reading: Reading): string | null {
  const read = readField(field, reading);
  return read.state === "read" ? read.value : null;
}

/** The zone in which a message tells its times, IANA. */
export function zoneOf(reading: Reading): string {
  return valueOf("time_zone", reading) ?? reading.timeZone;
}
