import type { BodyFormat } from "../connectors/connector.ts";
import type { ErrorCode } from "../errors.ts";

/** How deep a message may be nested. */
const MAX_DEPTH = 64;
/** How many fields a form may have. */
const MAX_FIELDS = 1000;

const utf8 = new TextDecoder("utf-8", { fatal: true });

export type ParsedBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly reason: string };

/**
 * Reads a raw body as JSON in UTF-8 (RFC 8259 §8.1), or as the fields of a form. The depth is
 * counted before anything is built from the text.
 */
export function parseBody(body: Buffer, format: BodyFormat = "json"): ParsedBody {
  if (body.length === 0) return { ok: false, code: "E_JSON", reason: "the body is empty" };
  if (format === "json" && isTooDeep(body)) {
    return { ok: false, code: "E_TOO_DEEP", reason: `the body has more than ${MAX_DEPTH} levels` };
  }
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return { ok: false, code: "E_JSON", reason: "the body is not UTF-8" };
  }
  if (format === "form") return parseForm(text);
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    // The parser's own words quote the body.
    return { ok: false, code: "E_JSON", reason: "the body is not JSON" };
  }
}

/** As the URL Standard reads application/x-www-form-urlencoded. Of a repeated field the first counts. */
function parseForm(text: string): ParsedBody {
  const fields = new URLSearchParams(text);
  if (fields.size > MAX_FIELDS) {
    const reason = `the form has more than ${MAX_FIELDS} fields`;
    return { ok: false, code: "E_MESSAGE_SHAPE", reason };
  }
  return { ok: true, value: Object.fromEntries([...fields].toReversed()) };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Counts brackets outside of strings. In UTF-8 no part of another character equals one. */
function isTooDeep(body: Buffer): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (isInString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
