import type { CreateConnection, MappingInput } from "@slotwire/contract";
import { signedHeaders as acuityHeaders } from "../../src/connectors/acuity/signature.ts";
import { signatureHeader as calcomHeader } from "../../src/connectors/calcom/signature.ts";
import { signedHeaders as calendlyHeaders } from "../../src/connectors/calendly/signature.ts";
import { signedHeaders as genericHeaders } from "../../src/connectors/generic/signature.ts";
import { hmacHex } from "../../src/connectors/hmac.ts";
import { signedHeaders as memoryHeaders } from "../../src/connectors/memory/signature.ts";
import { signedHeaders as savvycalHeaders } from "../../src/connectors/savvycal/signature.ts";
import { signedHeaders as squareHeaders } from "../../src/connectors/square/signature.ts";
import { isRecord } from "../../src/domain/is-record.ts";

/** The secret of every connection, the environment's too. */
export const fuzzSecret = "the-secret-of-every-source";

type Sign = (body: Buffer, url: string) => Record<string, string>;

/** Where mutated messages are sent, and how they prove themselves. */
export interface FuzzSource {
  readonly name: string;
  /** Whose stories it tells. */
  readonly stories: string;
  /** A connection of its own; null where the environment's is used, or the address names none. */
  readonly connection: Omit<CreateConnection, "name"> | null;
  /** The address; a connection's own unless given. */
  readonly path?: string;
  readonly sign: Sign;
  readonly write?: (value: unknown) => string;
}

const json = { "content-type": "application/json" };
const bearer: Sign = () => ({ ...json, authorization: `Bearer ${fuzzSecret}` });
const shared: Sign = () => ({ ...json, "x-webhook-secret": fuzzSecret });
const messages_per_minute = 1_000_000;
const own = { secret: fuzzSecret, messages_per_minute };

const isoMapping: MappingInput = {
  fields: {
    event: { path: "$.what" },
    uid: { path: "$.id" },
    previous_uid: { path: "$.old_id" },
    status: { path: "$.state" },
    start: { path: "$.from" },
    duration: { path: "$.len" },
    title: { template: "{$.what} of {$.who.first}" },
    attendee_name: { template: "{$.who.first} {$.who.last}" },
    attendee_email: { path: "$.who.mail" },
    attendee_phone: { path: '$.answers[?@.question == "Phone"].answer' },
    price: { path: "$.fee" },
    currency: { path: "$.money", default: "SEK" },
    occurred_at: { path: "$.at" },
  },
  events: {
    made: "created",
    moved: "rescheduled",
    paid: "updated",
    absent: "no_show",
    gone: "cancelled",
  },
  statuses: { OK: "confirmed", off: "cancelled" },
  metadata: { pet: { path: '$.answers[?@.question == "Pet"].answer' }, all: { path: "$.answers" } },
};

const unixMapping: MappingInput = {
  fields: {
    uid: { path: "$.id" },
    start: { path: "$.from" },
    duration: { path: "$.len" },
    time_zone: { path: "$.zone" },
    status: { path: "$.state" },
    location: { path: "$.who" },
    meeting_url: { path: "$.who.mail" },
    price: { path: "$.fee" },
    currency: { path: "$.money" },
  },
  other_events: "ignore",
  statuses: { OK: "completed", off: "no_show" },
  time_format: "unix_seconds",
  duration_unit: "hours",
  price_unit: "minor",
};

const dayFirstMapping: MappingInput = {
  ...isoMapping,
  fields: { ...isoMapping.fields, start: { path: "$.at" }, time_zone: { path: "$.zone" } },
  other_events: "ignore",
  time_format: "day_first",
  duration_unit: "seconds",
};

/**
 * Every kind of connection, and every address of theirs.
 * @param apiUrl where the APIs of sources are that have to be asked
 */
export function fuzzSources(apiUrl: string): readonly FuzzSource[] {
  const generic = (mapping: MappingInput | null): FuzzSource["connection"] => ({
    ...own,
    kind: "generic",
    auth_modes: ["source_signature"],
    settings: { mapping },
  });
  return [
    {
      name: "calcom",
      stories: "calcom",
      connection: { ...own, kind: "calcom" },
      sign: (body) => ({ ...json, [calcomHeader]: hmacHex(body, fuzzSecret) }),
    },
    {
      name: "calendly",
      stories: "calendly",
      connection: { ...own, kind: "calendly" },
      sign: (body) => calendlyHeaders(body, fuzzSecret, new Date()),
    },
    {
      name: "acuity",
      stories: "acuity",
      connection: {
        ...own,
        kind: "acuity",
        api_url: apiUrl,
        api_key: fuzzSecret,
        settings: { user_id: "7", currency: "EUR" },
      },
      sign: (body) => acuityHeaders(body, fuzzSecret),
      write: writeForm,
    },
    {
      name: "square",
      stories: "square",
      connection: { ...own, kind: "square" },
      sign: (body, url) => squareHeaders(body, fuzzSecret, url),
    },
    {
      name: "square, asked",
      stories: "square",
      connection: { ...own, kind: "square", api_url: apiUrl, api_key: fuzzSecret },
      sign: (body, url) => squareHeaders(body, fuzzSecret, url),
    },
    {
      name: "savvycal",
      stories: "savvycal",
      connection: { ...own, kind: "savvycal" },
      sign: (body) => savvycalHeaders(body, fuzzSecret),
    },
    { name: "bookme", stories: "bookme", connection: { ...own, kind: "bookme" }, sign: shared },
    {
      name: "bookings/incoming",
      stories: "bookme",
      connection: null,
      path: "/api/bookings/incoming",
      sign: shared,
    },
    {
      name: "generic, unmapped",
      stories: "generic",
      connection: generic(null),
      sign: (body) => genericHeaders(body, fuzzSecret),
    },
    ...[isoMapping, unixMapping, dayFirstMapping].map((mapping) => ({
      name: `generic, ${mapping.time_format ?? "iso"}`,
      stories: "generic",
      connection: generic(mapping),
      sign: (body: Buffer) => genericHeaders(body, fuzzSecret),
    })),
    {
      name: "supabase",
      stories: "supabase",
      connection: { ...own, kind: "supabase" },
      sign: bearer,
    },
    {
      name: "booking-events",
      stories: "supabase",
      connection: null,
      path: "/api/webhooks/booking-events",
      sign: bearer,
    },
    {
      name: "booking-event-webhook",
      stories: "supabase",
      connection: null,
      path: "/functions/v1/booking-event-webhook",
      sign: bearer,
    },
    {
      name: "notify-booking-status",
      stories: "notify",
      connection: null,
      path: "/functions/v1/notify-booking-status",
      sign: bearer,
    },
    {
      name: "external_calendar",
      stories: "external_calendar",
      connection: { ...own, kind: "external_calendar", settings: { statuses: { off: "no_show" } } },
      sign: bearer,
    },
    {
      name: "external-calendar/callback",
      stories: "external_calendar",
      connection: null,
      path: "/api/external-calendar/callback",
      sign: bearer,
    },
    {
      name: "memory",
      stories: "memory",
      connection: { ...own, kind: "memory" },
      sign: (body) => memoryHeaders(body, fuzzSecret),
    },
  ];
}

/** A form's fields: what is no text is written as JavaScript writes it. */
function writeForm(value: unknown): string {
  if (!isRecord(value)) return JSON.stringify(value) ?? "";
  const fields = new URLSearchParams();
  for (const [name, field] of Object.entries(value)) {
    fields.append(name, typeof field === "string" ? field : (JSON.stringify(field) ?? ""));
  }
  return fields.toString();
}
