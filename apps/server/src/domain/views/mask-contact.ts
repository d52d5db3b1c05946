import { asciiDigit, readingsOf } from "./reading.ts";

/** What takes the place of what is hidden. */
export const HIDDEN = "•••";

/** What stands around an address in a sentence, and is none of it. */
const opening = "<(\"'[{";
const closing = ">)\"']},;:.!?";

/** Where in a word its address begins and ends. A loop: a pattern takes quadratic time for the end. */
export function insideOf(word: string): readonly [start: number, end: number] {
  let start = 0;
  let end = word.length;
  while (start < end && opening.includes(word.charAt(start))) start += 1;
  while (end > start && closing.includes(word.charAt(end - 1))) end -= 1;
  return [start, end];
}

/** Every digit of any script, as ASCII's. */
export function digitsOf(text: string): string {
  return (text.match(/\p{Nd}/gu) ?? []).map(asciiDigit).join("");
}

/**
 * An e-mail address that can be told from another and cannot be restored: `a•••@e•••.com`. What is
 * left of a name does not depend on its length; of a short one nothing is left.
 */
export function maskEmail(address: string): string {
  const sign = address.indexOf("@");
  if (sign === -1) return HIDDEN;
  const domain = address.slice(sign + 1);
  const end = /\.[a-z]{2,6}$/i.exec(domain)?.[0] ?? "";
  const name = domain.slice(0, domain.length - end.length);
  return `${beginning(address.slice(0, sign))}${HIDDEN}@${beginning(name)}${HIDDEN}${end}`;
}

function beginning(name: string): string {
  const letters = Array.from(name);
  const [first = ""] = letters;
  return letters.length >= 3 && /\p{L}/u.test(first) ? first : "";
}

/** A phone number by its country and its end: `+45 •• •• •• 12`. */
export function maskPhone(number: string): string {
  const digits = digitsOf(number);
  if (digits.length < 7) return HIDDEN;
  const international = /^\D*(?:\+|00)/.test(number) && digits.length >= 9;
  const country = international ? `+${digits.replace(/^00/, "").slice(0, 2)} ` : "";
  return `${country}•• •• •• ${digits.slice(-2)}`;
}

/** A value that is a way to reach somebody, whichever it is. */
export function maskContact(value: string): string {
  if (value === "") return value;
  const plain = readingsOf(value).at(-1)?.text ?? "";
  return plain.includes("@")
    ? maskEmail(plain.trim().slice(...insideOf(plain.trim())))
    : maskPhone(plain);
}
