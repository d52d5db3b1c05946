import { createHash, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

/** A secret key is for programs that can keep it; a publishable one may be read in any page. */
export type ApiKeyKind = "secret" | "publishable";

/** A key that is given out once, and what is stored of it. */
export interface NewApiKey {
  readonly key: string;
  /** Its first characters, by which people recognise it. */
  readonly prefix: string;
  /** SHA-256 of the key. It needs no slow hash: 131 random bits cannot be guessed. */
  readonly hash: Buffer;
}

/** What can be told of a key without the database. */
export interface ReadApiKey {
  readonly kind: ApiKeyKind;
  readonly hash: Buffer;
}

const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM = 22;
const CHECKSUM = 6;
/** How many of the random characters people see: 107 bits stay unknown. */
const SHOWN = 4;

const letters: Readonly<Record<ApiKeyKind, string>> = { secret: "sk", publishable: "pk" };
const shape = /^(sw_(sk|pk)_[a-z]{1,20}_[0-9A-Za-z]{22})_([0-9A-Za-z]{6})$/;

/**
 * Makes a key: `sw_sk_live_<22 random characters>_<6 of a checksum>`.
 * @param environment what the key is for, in small letters: `live`, or `demo`
 */
export function newApiKey(kind: ApiKeyKind, environment: string): NewApiKey {
  const random = Array.from({ length: RANDOM }, () => digits.charAt(randomInt(digits.length)));
  const start = `sw_${letters[kind]}_${environment}_`;
  const body = start + random.join("");
  const key = `${body}_${checksum(body)}`;
  return { key, prefix: body.slice(0, start.length + SHOWN), hash: hashOf(key) };
}

/** Whether a bearer token means to be one of these keys. */
export function looksLikeApiKey(token: string): boolean {
  return /^sw_[sp]k_/.test(token);
}

/** @returns null when the key is mistyped: its shape or its checksum is wrong */
export function readApiKey(token: string): ReadApiKey | null {
  const [, body = "", letter, sum] = shape.exec(token) ?? [];
  if (sum === undefined || sum !== checksum(body)) return null;
  return { kind: letter === letters.secret ? "secret" : "publishable", hash: hashOf(token) };
}

/** CRC-32 in base 62. It is for typing errors alone: whoever forges a key can compute it too. */
function checksum(body: string): string {
  let rest = crc32(body);
  let text = "";
  while (text.length < CHECKSUM) {
    text = digits.charAt(rest % digits.length) + text;
    rest = Math.floor(rest / digits.length);
  }
  return text;
}

function hashOf(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
