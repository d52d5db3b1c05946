import { isRecord } from "./is-record.ts";
import { isWord } from "./views/redact.ts";

const MAX_DEPTH = 12;
const MAX_PATHS = 400;
/** An object with more keys than this is a dictionary: its keys are data, and no fields. */
const MAX_KEYS = 100;

/** Objects whose keys people choose: what stands in them says nothing about the source's form. */
const freeForm = new Set(
  `metadata responses userFieldsResponses bookingFieldsResponses customInputs customFields
   custom_fields answers questions_and_answers formFields fields tracking utm labels tags`.split(
    /\s+/,
  ),
);

/**
 * The fields that a JSON value has, by their paths: `payload.attendees[].email`. No value is among
 * them, nor a key that may be somebody's data.
 * @returns at most 400, in the order of the value
 */
export function keyPaths(value: unknown): string[] {
  const paths = new Set<string>();
  collect(value, "", 0, paths);
  return [...paths];
}

function collect(value: unknown, path: string, depth: number, paths: Set<string>): void {
  if (depth > MAX_DEPTH || paths.size >= MAX_PATHS) return;
  if (Array.isArray(value)) {
    for (const inner of value) collect(inner, `${path}[]`, depth + 1, paths);
    return;
  }
  if (!isRecord(value)) return;
  const entries = Object.entries(value);
  const isDictionary = entries.length > MAX_KEYS;
  for (const [key, inner] of entries) {
    if (paths.size >= MAX_PATHS) return;
    const name = !isDictionary && isWord(key) ? key : "*";
    const own = path === "" ? name : `${path}.${name}`;
    paths.add(own);
    if (!freeForm.has(key)) collect(inner, own, depth + 1, paths);
  }
}
