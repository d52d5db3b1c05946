import { pause } from "../pause.ts";
import { makeSettings } from "./make-settings.ts";

/** How to reach a scenario. What is left out comes from the environment, or has a default. */
export interface MakeWebhookConfig {
  /** Address of the scenario's custom webhook; `MAKE_WEBHOOK_URL`. */
  readonly url?: string | null;
  /** The webhook's API key, sent as `x-make-apikey`; `MAKE_WEBHOOK_SECRET`. */
  readonly secret?: string | null;
  /** Signs by Standard Webhooks, for whoever passes it on; `secret` unless given. */
  readonly signingSecret?: string | null;
  /** How often an event is tried, the first time included: 4. */
  readonly maxAttempts?: number;
  /** How long to wait before the second try, ms: 1,000. It doubles with each. */
  readonly retryDelay?: number;
  /** The longest wait, ms: 30,000. A receiver that names a longer one is heeded. */
  readonly maxRetryDelay?: number;
  /** How long an answer may take, ms: 15,000. */
  readonly timeout?: number;
  /** How many requests of a batch are under way at one time: 5. */
  readonly concurrency?: number;
  /** How many requests of a batch begin in a second: 25. Make takes 300 in ten seconds. */
  readonly ratePerSecond?: number;
  /** Stops the waiting: what has not been sent by then fails. */
  readonly signal?: AbortSignal;
  readonly fetch?: typeof globalThis.fetch;
  /** Waits, ms; for tests. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The same, complete. */
export type MakeTarget = {
  readonly [Key in keyof MakeWebhookConfig]-?: Exclude<MakeWebhookConfig[Key], undefined>;
} & { readonly appUrl: string | null; readonly environment: string };

/** Completes a configuration by the environment as it is now. */
export function makeTarget(config: MakeWebhookConfig): MakeTarget {
  const settings = makeSettings();
  const secret = config.secret === undefined ? settings.secret : config.secret;
  return {
    url: config.url === undefined ? settings.url : config.url,
    secret,
    signingSecret: config.signingSecret === undefined ? secret : config.signingSecret,
    maxAttempts: Math.max(1, numberOr(4, config.maxAttempts)),
    retryDelay: numberOr(1000, config.retryDelay),
    maxRetryDelay: numberOr(30_000, config.maxRetryDelay),
    timeout: numberOr(15_000, config.timeout),
    concurrency: Math.max(1, numberOr(5, config.concurrency)),
    // With none a second, nothing would ever be sent.
    ratePerSecond: numberOr(25, config.ratePerSecond) || 25,
    signal: config.signal ?? new AbortController().signal,
    fetch: config.fetch ?? globalThis.fetch,
    pause: config.pause ?? pause,
    appUrl: settings.appUrl,
    environment: settings.environment,
  };
}

/** What is wished; the usual number where that is none, as of a variable that nobody has set. */
const numberOr = (usual: number, wished = usual): number => (Number.isNaN(wished) ? usual : wished);
