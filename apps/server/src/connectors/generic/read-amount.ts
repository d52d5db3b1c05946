import type { Scalar } from "./expression.ts";

/** An amount as it was written: with a point before its decimals, or why it is none. */
export type WrittenAmount =
  | { readonly state: "read"; readonly amount: string }
  /** A single separator before three digits: thousands for some, decimals for others. */
  | { readonly state: "ambiguous" }
  | { readonly state: "none" };

/** Between groups of three digits; the last three are spaces that do not break a line. */
const groups = ".,'’ \u00A0\u202F\u2009";
const whole = new RegExp(
  String.raw`^(?:\d{1,10}|\d{1,3}(?:(?<group>[${groups}])\d{3})(?:\k<group>\d{3}){0,2})$`,
  "u",
);

/**
 * Reads an amount that may be written with a decimal comma and with groups of thousands, as people
 * of one country or another do.
 * @param digits how many decimals the currency has
 */
export function readAmount(written: Scalar, digits: number): WrittenAmount {
  if (typeof written === "number") return plain(String(written));
  if (typeof written !== "string") return { state: "none" };
  const text = written.trim();
  if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(text)) {
    return digits === 3 ? plain(text.replace(",", ".")) : { state: "ambiguous" };
  }
  const { 1: front = text, 2: point, 3: decimals } = /^(.+)([.,])(\d{1,6})$/u.exec(text) ?? [];
  if (point !== undefined && front.includes(point)) return integer(text);
  const before = integer(front);
  if (before.state !== "read" || decimals === undefined) return before;
  return { state: "read", amount: `${before.amount}.${decimals}` };
}

function plain(text: string): WrittenAmount {
  return /^\d{1,10}(?:\.\d{1,20})?$/.test(text)
    ? { state: "read", amount: text }
    : { state: "none" };
}

function integer(text: string): WrittenAmount {
  return whole.test(text)
    ? { state: "read", amount: text.replaceAll(/\D/gu, "") }
    : { state: "none" };
}
