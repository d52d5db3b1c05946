import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { z } from "zod";
import { SlotwireError } from "./errors.ts";

/** Every setting, validated. The rest of the code takes this and never reads the environment. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Address under which people and sources reach the hub, without a trailing slash. */
  readonly publicUrl: string;
  readonly dataDir: string;
  /** Null for the embedded database. */
  readonly databaseUrl: string | null;
  /** 32 bytes, or null when it is to be generated into the data folder. */
  readonly masterKey: Buffer | null;
  /** Keys that only open what was encrypted with them. */
  readonly previousMasterKeys: readonly Buffer[];
  readonly apiKey: string | null;
  readonly roles: ReadonlySet<"web" | "worker">;
  readonly logLevel: string;
  /** Seconds to wait before each attempt, the first included. */
  readonly retrySchedule: readonly number[];
  /** CIDR ranges of private addresses that destinations may use, or `true` for all. */
  readonly allowPrivateDestinations: readonly string[] | true;
  /** IANA zone of the default organisation when it is created. */
  readonly timeZone: string;
  readonly calcomWebhookSecret: string | null;
  /** How Cal.com's API is called for the default organisation; null when it is not. */
  readonly calcomApi: SourceApiConfig | null;
  /** The secret that a BookMe-like site sends its bookings with. */
  readonly crmWebhookSecret: string | null;
  readonly bookmeApi: SourceApiConfig | null;
  /** The bearer secret of the seed's functions and of `/api/webhooks/booking-events`. */
  readonly supabaseWebhookSecret: string | null;
  readonly makeWebhook: { readonly url: string; readonly secret: string | null } | null;
  readonly externalCalendar: { readonly url: string; readonly key: string | null } | null;
  /** Where mail goes out; null when there is no mail server. */
  readonly mail: { readonly smtpUrl: string; readonly from: string } | null;
  /** Where people sign in by OpenID Connect; null when they do not. */
  readonly oidc: OidcConfig | null;
  /** Ranges whose word about a client's address is believed. */
  readonly trustedProxies: readonly string[];
  /** What `/metrics` asks for; null when it answers this very machine alone. */
  readonly metricsToken: string | null;
  readonly demo: boolean;
}

/** How a source's API is called. */
export interface SourceApiConfig {
  readonly key: string;
  /** Null for the source's own address. */
  readonly url: string | null;
}

/** The OpenID Connect provider, and who the hub is there. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** Null for a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** What the button says after "Sign in with". */
  readonly label: string;
}

/** Names and values as the operating system or a `.env` file gives them. */
export type Environment = Readonly<Record<string, string | undefined>>;

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
const MONTH = 30 * 24 * 60 * 60;

/** Operators write `PORT=3000 # the usual one`, and not every reader of `.env` files minds. */
const withoutComment = (text: string): string => text.replace(/\s+#.*$/, "");
const listed = (text: string): string[] =>
  withoutComment(text)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const text = z.string();
const url = z
  .url({ protocol: /^https?$/, error: "must be an http or https URL" })
  .transform((address) => address.replace(/\/+$/, ""));
const wholeNumber = (from: number, to: number) =>
  text.transform(withoutComment).pipe(
    z
      .string()
      .regex(/^\d+$/, "must be a whole number")
      .transform(Number)
      .refine((value) => value >= from && value <= to, `must be from ${from} to ${to}`),
  );
const oneOf = <const Choice extends string>(...choices: Choice[]) =>
  z.enum(choices, { error: `must be one of ${choices.join(", ")}` });

const origin = url.refine(
  (address) => new URL(address).pathname === "/",
  "must be an address without a path: the hub serves from the root",
);
// The provider's name is compared letter by letter, so its trailing slash stays.
const issuer = z
  .url({ protocol: /^https?$/, error: "must be an https URL", abort: true })
  .refine(
    (address) => address.startsWith("https:") || isLoopback(new URL(address).hostname),
    "must begin with https:, except on this very machine",
  )
  .refine(
    (address) => !/[?#]/.test(address),
    "must be the provider's name alone, without query or fragment",
  );
const postgresUrl = text.regex(/^postgres(ql)?:\/\//, "must begin with postgres://");
const mailServer = text
  .regex(/^smtps?:\/\//, "must begin with smtp:// or smtps://")
  .refine((address) => URL.canParse(address), "must be an address like smtps://user:password@host");
const mailFrom = text.regex(
  /^([^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
  "must be an address, or a name and an address: `Slotwire <hub@example.com>`",
);
const keyOf32Bytes = text
  .transform((key) => Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? "hex" : "base64"))
  .refine(
    (key) => key.length === 32,
    "must be 32 bytes as base64 or hex: `openssl rand -base64 32` makes one",
  );
const previousKeys = text.transform(listed).pipe(z.array(keyOf32Bytes).max(20));
const apiKey = text
  .min(24, "must have 24 characters or more")
  .regex(/^\S+$/, "must not contain spaces");
const roles = text
  .transform(listed)
  .pipe(z.array(oneOf("web", "worker")).min(1, "must name web, worker or both"))
  .transform((names): ReadonlySet<"web" | "worker"> => new Set(names));
const retrySchedule = text
  .transform(listed)
  .pipe(
    z
      .array(wholeNumber(0, MONTH))
      .min(1, "must name at least one attempt")
      .max(50, "must name 50 attempts at most"),
  );
const zoneName = text.refine(isTimeZone, "must be an IANA time zone, like Europe/Stockholm");
const privateDestinations = text
  .transform((given): string[] | true => (withoutComment(given) === "true" ? true : listed(given)))
  .transform((given) => (given !== true && given.join() === "false" ? [] : given))
  .refine(
    (given) => given === true || given.every(isCidr),
    "must be `true` or ranges like 192.168.0.0/16,fd00::/8",
  );

const LOOPBACK = ["127.0.0.0/8", "::1/128"];
const trustedProxies = text
  .transform(listed)
  .transform((ranges) => ranges.flatMap((range) => (range === "loopback" ? LOOPBACK : [range])))
  .refine(
    (ranges) => ranges.every((range) => isIP(range) !== 0 || isCidr(range)),
    "must be ranges like 10.0.0.0/8,fd00::/8 or `loopback`",
  );
const metricsToken = text
  .min(16, "must have 16 characters or more")
  .regex(/^\S+$/, "must not contain spaces");

/** A secret that proves a message: short enough for a header, too long to guess. */
const inboundSecret = text
  .min(8, "must have 8 characters or more")
  .regex(/^[!-~](?:[ -~]*[!-~])?$/, "must be visible ASCII characters");

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
    text
      .transform(withoutComment)
      .pipe(oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent")),
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
  IMPORT_API_KEY: optional("The same, under its older name.", "none", text),
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

type SettingName = keyof typeof settings;
type SettingValue<Name extends SettingName> =
  (typeof settings)[Name] extends Setting<infer Value> ? Value : never;

/**
 * Reads the settings. An empty value counts as not set; names that are not known are left alone.
 * @throws SlotwireError E_CONFIG that names the setting and says what is wrong with it
 */
export function loadConfig(env: Environment, options: { readonly demo?: boolean } = {}): Config {
  const port = read(env, "PORT");
  const host = read(env, "HOST");
  const databaseUrl = read(env, "DATABASE_URL");
  const masterKey = read(env, "SLOTWIRE_MASTER_KEY");
  if (databaseUrl !== null && masterKey === null) {
    throw wrong(
      "SLOTWIRE_MASTER_KEY",
      "is required together with DATABASE_URL: `openssl rand -base64 32` makes one. Keep it: what is encrypted with it cannot be read without it",
    );
  }
  const makeUrl = read(env, "MAKE_WEBHOOK_URL");
  const calendarUrl = read(env, "EXTERNAL_CALENDAR_CALLBACK_URL");
  const smtpUrl = read(env, "SMTP_URL");
  const from = read(env, "MAIL_FROM");
  if (smtpUrl !== null && from === null) throw wrong("MAIL_FROM", "is required with SMTP_URL");
  const calendarKey = read(env, "EXTERNAL_CALENDAR_API_KEY") ?? read(env, "IMPORT_API_KEY");
  return {
    port,
    host,
    publicUrl: read(env, "PUBLIC_URL") ?? addressOf(host, port),
    dataDir: read(env, "SLOTWIRE_DATA_DIR"),
    databaseUrl,
    masterKey,
    previousMasterKeys: read(env, "SLOTWIRE_PREVIOUS_MASTER_KEYS"),
    apiKey: read(env, "SLOTWIRE_API_KEY"),
    roles: read(env, "ROLES"),
    logLevel: read(env, "LOG_LEVEL"),
    retrySchedule: read(env, "SLOTWIRE_RETRY_SCHEDULE"),
    allowPrivateDestinations: read(env, "SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS"),
    timeZone: read(env, "SLOTWIRE_TIME_ZONE") ?? machineTimeZone(),
    calcomWebhookSecret: read(env, "CALCOM_WEBHOOK_SECRET"),
    calcomApi: apiOf(read(env, "CALCOM_API_KEY"), read(env, "CALCOM_API_URL")),
    crmWebhookSecret: read(env, "CRM_WEBHOOK_SECRET"),
    bookmeApi: apiOf(read(env, "BOOKME_API_KEY"), read(env, "BOOKME_API_URL")),
    supabaseWebhookSecret: read(env, "SUPABASE_WEBHOOK_SECRET"),
    makeWebhook:
      makeUrl === null ? null : { url: makeUrl, secret: read(env, "MAKE_WEBHOOK_SECRET") },
    externalCalendar: calendarUrl === null ? null : { url: calendarUrl, key: calendarKey },
    mail: smtpUrl === null || from === null ? null : { smtpUrl, from },
    oidc: readOidc(env),
    trustedProxies: read(env, "SLOTWIRE_TRUSTED_PROXIES"),
    metricsToken: read(env, "SLOTWIRE_METRICS_TOKEN"),
    demo: options.demo ?? false,
  };
}

function apiOf(key: string | null, address: string | null): SourceApiConfig | null {
  return key === null ? null : { key, url: address };
}

function readOidc(env: Environment): OidcConfig | null {
  const provider = read(env, "OIDC_ISSUER");
  const clientId = read(env, "OIDC_CLIENT_ID");
  if (provider === null) return null;
  if (clientId === null) throw wrong("OIDC_CLIENT_ID", "is required together with OIDC_ISSUER");
  const clientSecret = read(env, "OIDC_CLIENT_SECRET");
  return { issuer: provider, clientId, clientSecret, label: read(env, "OIDC_LABEL") };
}

function read<Name extends SettingName>(env: Environment, name: Name): SettingValue<Name> {
  const { schema, fallback } = settings[name] as Setting<SettingValue<Name>>;
  const given = env[name]?.trim() ?? "";
  if (given === "") return fallback;
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw wrong(name, parsed.error.issues[0]?.message ?? "is not valid");
}

/** The message never quotes the value: it may be a secret. */
function wrong(name: SettingName, problem: string): SlotwireError {
  return new SlotwireError("E_CONFIG", { detail: `${name} ${problem}.` });
}

/**
 * The environment that the hub runs in: the process's own, over a `.env` file.
 * @param folder where the `.env` file may lie
 * @throws SlotwireError E_CONFIG when the file is there and cannot be read
 */
export function readEnvironment(folder: string): Environment {
  const merged: Record<string, string | undefined> = parseEnv(readEnvFile(join(folder, ".env")));
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && value.trim() !== "") merged[name] = value;
  }
  return merged;
}

function readEnvFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw new SlotwireError("E_CONFIG", { detail: `${file} cannot be read.`, cause: error });
  }
}

/** The address of a hub on `host` and `port`, as a browser on this machine writes it. */
export function addressOf(host: string, port: number): string {
  const wildcard = host === "0.0.0.0" || host === "::" || host === "";
  const name = wildcard ? "127.0.0.1" : isIP(host) === 6 ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function machineTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.[\d.]+$/.test(hostname);
}

function isCidr(range: string): boolean {
  const [address = "", bits = "", ...rest] = range.split("/");
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  return family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= longest;
}
