import type { SampleField } from "@slotwire/contract";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText } from "../clean-text.ts";
import { memberPath } from "./path.ts";

/** So much of a message is shown; what goes beyond is left out. */
const MAX_FIELDS = 500;
const MAX_MEMBERS = 50;
const MAX_DEPTH = 12;
const MAX_SHOWN = 200;

/** A field of a sample with its value as it stands in the message. */
export interface SampleValue extends SampleField {
  readonly raw: unknown;
}

/**
 * Every field of a message with the path that leads to it, in the order of the message. Pure and
 * total.
 */
export function sampleFields(body: unknown): SampleValue[] {
  const fields: SampleValue[] = [];
  const add = (value: unknown, path: string, name: string, depth: number): void => {
    if (fields.length >= MAX_FIELDS || path.length > 500) return;
    if (path !== "$") fields.push(fieldOf(value, path, name, depth));
    if (depth >= MAX_DEPTH) return;
    for (const [key, inner] of membersOf(value)) {
      const below = path === "$" ? depth : depth + 1;
      add(inner, memberPath(path, key), cleanText(String(key), 100) ?? "", below);
    }
  };
  add(body, "$", "", 0);
  return fields;
}

function fieldOf(value: unknown, path: string, name: string, depth: number): SampleValue {
  const isOuter = typeof value === "object" && value !== null;
  return {
    path,
    name,
    depth,
    kind: kindOf(value),
    value: isOuter || value === null ? null : shown(value),
    raw: value,
  };
}

function shown(value: unknown): string | null {
  return cleanText(typeof value === "string" ? value : JSON.stringify(value), MAX_SHOWN);
}

function membersOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) {
    return value.slice(0, MAX_MEMBERS).map((inner: unknown, at) => [at, inner] as const);
  }
  return isRecord(value) ? Object.entries(value).slice(0, MAX_MEMBERS * 4) : [];
}

function kindOf(value: unknown): SampleField["kind"] {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "string") return "text";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "group";
}
