import { makeTarget, type MakeWebhookConfig } from "./make-config.ts";

/** What is wrong with a configuration, in words that say what to do. */
export interface MakeConfigCheck {
  /** Whether events can be sent: there is no error. */
  readonly isValid: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Looks at the configuration, and asks nobody; `testMakeWebhook` does. */
export function validateMakeWebhookConfig(config: MakeWebhookConfig = {}): MakeConfigCheck {
  const { url, secret, signingSecret, appUrl, environment } = makeTarget(config);
  const ofUrl = checkUrl(url);
  const ofSecret = checkSecret(secret, signingSecret);
  const ofApp = checkAppUrl(appUrl, environment);
  const errors = [...ofUrl.errors, ...ofSecret.errors, ...ofApp.errors];
  const warnings = [...ofUrl.warnings, ...ofSecret.warnings, ...ofApp.warnings];
  return { isValid: errors.length === 0, errors, warnings };
}

type Findings = Pick<MakeConfigCheck, "errors" | "warnings">;
const error = (text: string): Findings => ({ errors: [text], warnings: [] });
const warning = (text: string): Findings => ({ errors: [], warnings: [text] });
const nothing: Findings = { errors: [], warnings: [] };

function checkUrl(url: string | null): Findings {
  if (url === null) {
    return error("MAKE_WEBHOOK_URL is not set: copy the address of the scenario's custom webhook.");
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    return error("MAKE_WEBHOOK_URL is not an address: it begins with https://hook.");
  }
  if (isLoopback(parsed.hostname)) return warning("MAKE_WEBHOOK_URL is this machine itself.");
  if (parsed.protocol === "http:") {
    return error("MAKE_WEBHOOK_URL has to begin with https://: it is the webhook's key.");
  }
  if (!/^hook\.([\w-]+\.)*(make\.com|make\.celonis\.com|integromat\.com)$/.test(parsed.hostname)) {
    return warning(
      `MAKE_WEBHOOK_URL is an address of ${parsed.hostname}, which is not Make.com's.`,
    );
  }
  return parsed.pathname.length > 1
    ? nothing
    : error("MAKE_WEBHOOK_URL names no webhook: what follows the host is missing.");
}

function checkSecret(secret: string | null, signingSecret: string | null): Findings {
  if (signingSecret?.startsWith("whsec_") === true && !isBase64(signingSecret.slice(6))) {
    return error("The signing secret begins with whsec_ and is not base64 after it.");
  }
  if (secret === null) {
    return warning("MAKE_WEBHOOK_SECRET is not set: whoever knows the address can send to it.");
  }
  return /^[\x20-\x7e]{1,512}$/.test(secret)
    ? nothing
    : error("MAKE_WEBHOOK_SECRET has to be ASCII, of 512 characters at most.");
}

function checkAppUrl(appUrl: string | null, environment: string): Findings {
  if (appUrl === null) return warning("NEXT_PUBLIC_APP_URL is not set: events carry no link.");
  if (!URL.canParse(appUrl)) return error("NEXT_PUBLIC_APP_URL is not an address.");
  return environment === "production" && isLoopback(new URL(appUrl).hostname)
    ? warning("NEXT_PUBLIC_APP_URL is this machine itself, which nobody else can open.")
    : nothing;
}

const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host);

function isBase64(text: string): boolean {
  try {
    return atob(text).length > 0;
  } catch {
    return false;
  }
}
