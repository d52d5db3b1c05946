import { isIP } from "node:net";
import { z } from "zod";

/*
 * How the text of a setting becomes its value. What is wrong is told in words that follow the
 * setting's name, and never quote the value: it may be a secret.
 */

const MONTH = 30 * 24 * 60 * 60;

/** Operators write `PORT=3000 # the usual one`, and not every reader of `.env` files minds. */
const withoutComment = (text: string): string => text.replace(/\s+#.*$/, "");
const listed = (text: string): string[] =>
  withoutComment(text)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

export const text = z.string();
export const url = z
  .url({ protocol: /^https?$/, error: "must be an http or https URL" })
  .transform((address) => address.replace(/\/+$/, ""));
/** A number from `from` to `to`, both included. */
export const wholeNumber = (from: number, to: number) =>
  text.transform(withoutComment).pipe(
    z
      .string()
      .regex(/^\d+$/, "must be a whole number")
      .transform(Number)
      .refine((value) => value >= from && value <= to, `must be from ${from} to ${to}`),
  );
const oneOf = <const Choice extends string>(...choices: Choice[]) =>
  z.enum(choices, { error: `must be one of ${choices.join(", ")}` });

export const origin = url.refine(
  (address) => new URL(address).pathname === "/",
  "must be an address without a path: the hub serves from the root",
);
// The provider's name is compared letter by letter, so its trailing slash stays.
export const issuer = z
  .url({ protocol: /^https?$/, error: "must be an https URL", abort: true })
  .refine(
    (address) => address.startsWith("https:") || isLoopback(new URL(address).hostname),
    "must begin with https:, except on this very machine",
  )
  .refine(
    (address) => !/[?#]/.test(address),
    "must be the provider's name alone, without query or fragment",
  );
export const postgresUrl = text.regex(/^postgres(ql)?:\/\//, "must begin with postgres://");
export const mailServer = text
  .regex(/^smtps?:\/\//, "must begin with smtp:// or smtps://")
  .refine((address) => URL.canParse(address), "must be an address like smtps://user:password@host");
export const mailFrom = text.regex(
  /^([^<>\r\n]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
  "must be an address, or a name and an address: `Slotwire <hub@example.com>`",
);
export const keyOf32Bytes = text
  .transform((key) => Buffer.from(key, /^[0-9a-f]{64}$/i.test(key) ? "hex" : "base64"))
  .refine(
    (key) => key.length === 32,
    "must be 32 bytes as base64 or hex: `openssl rand -base64 32` makes one",
  );
export const previousKeys = text.transform(listed).pipe(z.array(keyOf32Bytes).max(20));
export const apiKey = text
  .min(24, "must have 24 characters or more")
  .regex(/^\S+$/, "must not contain spaces");
export const roles = text
  .transform(listed)
  .pipe(z.array(oneOf("web", "worker")).min(1, "must name web, worker or both"))
  .transform((names): ReadonlySet<"web" | "worker"> => new Set(names));
export const logLevel = text
  .transform(withoutComment)
  .pipe(oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"));
export const retrySchedule = text
  .transform(listed)
  .pipe(
    z
      .array(wholeNumber(0, MONTH))
      .min(1, "must name at least one attempt")
      .max(50, "must name 50 attempts at most"),
  );
export const zoneName = text.refine(isTimeZone, "must be an IANA time zone, like Europe/Stockholm");
export const privateDestinations = text
  .transform((given): string[] | true => (withoutComment(given) === "true" ? true : listed(given)))
  .transform((given) => (given !== true && given.join() === "false" ? [] : given))
  .refine(
    (given) => given === true || given.every(isCidr),
    "must be `true` or ranges like 192.168.0.0/16,fd00::/8",
  );

const LOOPBACK = ["127.0.0.0/8", "::1/128"];
export const trustedProxies = text
  .transform(listed)
  .transform((ranges) => ranges.flatMap((range) => (range === "loopback" ? LOOPBACK : [range])))
  .refine(
    (ranges) => ranges.every((range) => isIP(range) !== 0 || isCidr(range)),
    "must be ranges like 10.0.0.0/8,fd00::/8 or `loopback`",
  );
export const metricsToken = text
  .min(16, "must have 16 characters or more")
  .regex(/^\S+$/, "must not contain spaces");

/** A secret that proves a message: short enough for a header, too long to guess. */
export const inboundSecret = text
  .min(8, "must have 8 characters or more")
  .regex(/^[!-~](?:[ -~]*[!-~])?$/, "must be visible ASCII characters");

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
