import { readInstant } from "./read-instant.ts";
import { readTimeZone } from "./read-time-zone.ts";

/*
 * What of a message could not be kept as it was said, in words for its warning. None of them
 * repeats the value: warnings are shown to people who may not see what a message says.
 */

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === "string" && value.trim() === "");

/**
 * A time by which the message would count.
 * @param read whether it could be read; by the rules of {@link readInstant} unless given
 */
export function lostTime(
  name: string,
  value: unknown,
  read: boolean = readInstant(value) !== null,
): string | null {
  if (read || !isGiven(value)) return null;
  return `${name} is no time that can be used: the message counts as of its arrival.`;
}

/** A time zone that does not exist. */
export function lostZone(name: string, value: unknown): string | null {
  if (!isGiven(value) || readTimeZone(value) !== null) return null;
  return `${name} is no known time zone: it was left out.`;
}

/** An amount of money. 0 says that something is free. */
export function lostPrice(name: string, value: unknown, read: boolean): string | null {
  if (read || !isGiven(value) || value === 0) return null;
  return `${name} is no amount of a currency: it was left out.`;
}

/** A text that is longer than what is kept of it. @param maxLength in UTF-16 units */
export function lostEnd(name: string, value: unknown, maxLength: number): string | null {
  if (typeof value !== "string" || value.trim().length <= maxLength) return null;
  return `${name} is longer than ${maxLength} characters: its end was left out.`;
}

/** The warning of a message, of those words that there are; nothing for none. */
export function warningOf(words: readonly (string | null)[]): { readonly warning?: string } {
  const said = words.filter((word) => word !== null);
  return said.length === 0 ? {} : { warning: said.join(" ") };
}
