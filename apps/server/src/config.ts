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
  readonly apiKey: string | null;
  readonly roles: ReadonlySet<"web" | "worker">;
  readonly logLevel: string;
  /** Seconds to wait before each attempt, the first included. */
  readonly retrySchedule: readonly number[];
  /** CIDR ranges of private addresses that destinations may use, or `true` for all. */
  readonly allowPrivateDestinations: readonly string[] | true;
  readonly calcomWebhookSecret: string | null;
  readonly makeWebhook: { readonly url: string; readonly secret: string | null } | null;
  readonly externalCalendar: { readonly url: string; readonly key: string | null } | null;
  readonly demo: boolean;
}
