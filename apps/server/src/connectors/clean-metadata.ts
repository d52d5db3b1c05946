import { isRecord } from "../domain/is-record.ts";
import { cleanText } from "./clean-text.ts";

const MAX_KEYS = 50;
const MAX_KEY_LENGTH = 200;
const MAX_TEXT_LENGTH = 2000;
const MAX_DEPTH = 4;
const MAX_SERIALISED_LENGTH = 16 * 1024;

/**
 * What can be stored of an object from outside that anybody may have filled: at most 50 keys on
 * each of 4 levels, texts of at most 2,000 characters, and 16 KB in all as JSON. What goes beyond
 * is left out, the last keys first.
 * @param value of any type; what is no object says nothing
 */
export function cleanMetadata(value: unknown): Readonly<Record<string, unknown>> {
  const cleaned = isRecord(value) ? cleanRecord(value, 1) : {};
  const kept: [string, unknown][] = [];
  let length = 2;
  for (const [key, inner] of Object.entries(cleaned)) {
    length += Buffer.byteLength(JSON.stringify({ [key]: inner }));
    if (length > MAX_SERIALISED_LENGTH) break;
    kept.push([key, inner]);
  }
  return Object.fromEntries(kept);
}

function cleanRecord(record: Record<string, unknown>, depth: number): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(record)) {
    const name = cleanText(key, MAX_KEY_LENGTH);
    const cleaned = cleanValue(inner, depth);
    if (name !== null && cleaned !== null) entries.push([name, cleaned]);
    if (entries.length === MAX_KEYS) break;
  }
  return Object.fromEntries(entries);
}

/** @returns null for what says nothing or lies too deep */
function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cleanText(value, MAX_TEXT_LENGTH);
  if (typeof value === "boolean") return value;
  // 1e999 is valid JSON, and infinite.
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (depth === MAX_DEPTH) return null;
  if (Array.isArray(value)) {
    return value
      .slice(0, MAX_KEYS)
      .map((inner) => cleanValue(inner, depth + 1))
      .filter((inner) => inner !== null);
  }
  return isRecord(value) ? cleanRecord(value, depth + 1) : null;
}
