import type { z } from "zod";
import {
  apiKey,
  inboundSecret,
  issuer,
  keyOf32Bytes,
  logLevel,
  mailFrom,
  mailServer,
  metricsToken,
  origin,
  postgresUrl,
  previousKeys,
  privateDestinations,
  retrySchedule,
  roles,
  text,
  trustedProxies,
  url,
  wholeNumber,
  zoneName,
} from "./setting-schemas.ts";

/** One setting: what `docs/settings.md` says about it, and how it is read. */
export interface Setting<Value = unknown> {
  readonly doc: string;
  /** The default, in words. */
  readonly otherwise: string;
  readonly schema: z.ZodType<Value, string>;
  /** The value when it is not set. */
  readonly fallback: Value;
}

const setting = <Value>(
  doc: string,
  otherwise: string,
  schema: z.ZodType<Value, string>,
  fallback: NoInfer<Value>,
): Setting<Value> => ({ doc, otherwise, schema, fallback });

/** A setting without a value of its own when it is not set. */
const optional = <Value>(
  doc: string,
  otherwise: string,
  schema: z.ZodType<Value, string>,
): Setting<Value | null> => ({ doc, otherwise, schema, fallback: null });

/** Seconds between attempts: the example schedule of Standard Webhooks 1.0.0. */
const standardSchedule = [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Every setting that is read, by its name in the environment. */
export const settings = {
  PORT: setting("Port to listen on; 0 takes any free one.", "3000", wholeNumber(0, 65_535), 3000),
  HOST: setting(
    "Address to listen on. `0.0.0.0` opens the hub to the network.",
    "127.0.0.1",
    text,
    "127.0.0.1",
  ),
  PUBLIC_URL: optional(
    "Address under which people and sources reach the hub. With https, cookies become Secure.",
    "http://HOST:PORT",
    origin,
  ),
  SLOTWIRE_DATA_DIR: setting(
    "Folder of the embedded database and of generated keys.",
    "./data",
    text,
    "./data",
  ),
  DATABASE_URL: optional(
    "Connection string of PostgreSQL 15 or later.",
    "the embedded database",
    postgresUrl,
  ),
  SLOTWIRE_MASTER_KEY: optional(
    "Encrypts the secrets that are stored: 32 bytes, base64 or hex. Required with `DATABASE_URL`.",
    "generated into the data folder",
    keyOf32Bytes,
  ),
  SLOTWIRE_PREVIOUS_MASTER_KEYS: setting(
    "Master keys from before, separated by commas: what they encrypted can still be read. `npx slotwire secrets rotate` makes them superfluous.",
    "none",
    previousKeys,
    [],
  ),
  SLOTWIRE_API_KEY: optional(
    "A secret of 24 characters or more: an admin's API key of the default organisation.",
    "none",
    apiKey,
  ),
  ROLES: setting(
    "What this process does: `web` answers requests, `worker` delivers and tidies up.",
    "web,worker",
    roles,
    new Set(["web", "worker"] as const),
  ),
  LOG_LEVEL: setting(
    "How much is logged: trace, debug, info, warn, error, fatal or silent.",
    "info",
    logLevel,
    "info",
  ),
  SLOTWIRE_RETRY_SCHEDULE: setting(
    "Seconds before each attempt of a delivery, the first included.",
    standardSchedule.join(","),
    retrySchedule,
    standardSchedule,
  ),
  SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: setting(
    "Private addresses that deliveries may go to: ranges, or `true` for all.",
    "none",
    privateDestinations,
    [],
  ),
  SLOTWIRE_TRUSTED_PROXIES: setting(
    "Reverse proxies whose `X-Forwarded-For` is believed: ranges, or `loopback` for this machine.",
    "none",
    trustedProxies,
    [],
  ),
  SLOTWIRE_METRICS_TOKEN: optional(
    "Bearer token of 16 characters or more that `/metrics` asks for.",
    "`/metrics` answers this machine alone",
    metricsToken,
  ),
  SLOTWIRE_TIME_ZONE: optional(
    "IANA zone of the default organisation when it is created.",
    "the machine's",
    zoneName,
  ),
  CALCOM_WEBHOOK_SECRET: optional(
    "Secret of the default organisation's Cal.com webhook.",
    "a generated one, shown at its rotation",
    text,
  ),
  CALCOM_API_KEY: optional(
    "Key of Cal.com's API (v2): the hub compares bookings by it and sends changes back.",
    "the hub only listens",
    text,
  ),
  CALCOM_API_URL: optional("Address of Cal.com's API, of a self-hosted one.", "Cal.com's own", url),
  CRM_WEBHOOK_SECRET: optional(
    "Secret that a booking site sends to `/api/bookings/incoming` as `X-Webhook-Secret`.",
    "nothing is taken there",
    inboundSecret,
  ),
  BOOKME_API_URL: optional("Address of the booking site's own API.", "it has none", url),
  BOOKME_API_KEY: optional("Key of the booking site's own API.", "none", text),
  SUPABASE_WEBHOOK_SECRET: optional(
    "Bearer secret of `/api/webhooks/booking-events` and the two routes under `/functions/v1`.",
    "nothing is taken there",
    inboundSecret,
  ),
  MAKE_WEBHOOK_URL: optional(
    "Address of a Make.com webhook that hears of every booking.",
    "no destination",
    url,
  ),
  MAKE_WEBHOOK_SECRET: optional(
    "Key of the Make.com webhook, sent as `x-make-apikey`.",
    "none",
    text,
  ),
  EXTERNAL_CALENDAR_CALLBACK_URL: optional(
    "Address of an external calendar that hears when a booking's status changes.",
    "no destination",
    url,
  ),
  EXTERNAL_CALENDAR_API_KEY: optional(
    "Key that the external calendar is called with, as a bearer token.",
    "`IMPORT_API_KEY`",
    text,
  ),
  IMPORT_API_KEY: optional(
    "Key by which the external calendar answers the hub, as a bearer token. The hub calls it with the same one where `EXTERNAL_CALENDAR_API_KEY` is not set, and warns of that.",
    "none",
    text,
  ),
  OIDC_ISSUER: optional(
    "Issuer of the OpenID Connect provider that people may sign in with.",
    "no such sign-in",
    issuer,
  ),
  OIDC_CLIENT_ID: optional(
    "The hub's client id at that provider. Required with `OIDC_ISSUER`.",
    "none",
    text,
  ),
  OIDC_CLIENT_SECRET: optional("The client's secret.", "none: a public client", text),
  OIDC_LABEL: setting(
    "What the button says after “Sign in with”.",
    "single sign-on",
    text.max(60, "must have 60 characters at most"),
    "single sign-on",
  ),
  SMTP_URL: optional(
    "Mail server for invitations and forgotten passwords: `smtps://user:password@host`, or `smtp://` (encrypted if the server can; `?requireTLS=true` insists).",
    "no mail is sent; links are shown to whoever makes them",
    mailServer,
  ),
  MAIL_FROM: optional(
    "Whom mail is from: an address, or `Name <address>`. Required with `SMTP_URL`.",
    "none",
    mailFrom,
  ),
} as const;

/** A setting's name in the environment. */
export type SettingName = keyof typeof settings;
/** What a setting is read as. */
export type SettingValue<Name extends SettingName> =
  (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
