import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { type Setting, settings, type SettingName, type SettingValue } from "./config/settings.ts";
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
  /** By which the external calendar answers the hub. */
  readonly importApiKey: string | null;
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
    importApiKey: read(env, "IMPORT_API_KEY"),
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
