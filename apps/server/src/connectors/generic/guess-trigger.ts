import { isRecord } from "../../domain/is-record.ts";
import { cleanText } from "../clean-text.ts";

const MAX_TRIGGER = 100;

/** Where sources write what happened, the likeliest first, in lower case and without separators. */
export const triggerNames: readonly string[] = [
  "event",
  "eventtype",
  "eventname",
  "triggerevent",
  "trigger",
  "webhookevent",
  "action",
  "operation",
  "topic",
  "hook",
  "type",
];

/** A name without what differs between the customs of writing names. */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** What a message of an unknown source seems to tell of, in its own word; null when that is unclear. */
export function guessTrigger(body: unknown): string | null {
  if (!isRecord(body)) return null;
  const texts = Object.entries(body).filter(([, value]) => typeof value === "string");
  const found = triggerNames
    .map((name) => texts.find(([key]) => foldName(key) === name)?.[1])
    .find((value) => value !== undefined);
  return cleanText(found, MAX_TRIGGER);
}
