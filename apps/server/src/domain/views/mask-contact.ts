/** What takes the place of what is hidden. */
export const HIDDEN = "•••";

/** The at sign as people, forms and links write it. */
const AT = "@|＠|%40|&#64;";
const atSign = new RegExp(AT, "i");
const onlyAtEnds = /^[<("'[{]+|[>)"'\]},;:.!?]+$/g;

/** Every digit of any script. */
export function digitsOf(text: string): string {
  return (text.match(/\p{Nd}/gu) ?? []).join("");
}

/**
 * An e-mail address that can be told from another and cannot be restored: `a•••@e•••.com`. What is
 * left of a name does not depend on its length; of a short one nothing is left.
 */
export function maskEmail(address: string): string {
  const sign = atSign.exec(address);
  if (sign === null) return HIDDEN;
  const domain = address.slice(sign.index + sign[0].length);
  const end = /\.[a-z]{2,6}$/i.exec(domain)?.[0] ?? "";
  const name = domain.slice(0, domain.length - end.length);
  return `${beginning(address.slice(0, sign.index))}${HIDDEN}@${beginning(name)}${HIDDEN}${end}`;
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
  return atSign.test(value) ? maskEmail(value.replace(onlyAtEnds, "")) : maskPhone(value);
}

/** A word with an at sign inside; what stands around it without a space is hidden with it. */
const emailWord = new RegExp(String.raw`(?<!\S)\S*[^\s@＠](?:${AT})[^\s@＠]\S*`, "giu");

export function hasEmail(text: string): boolean {
  return text.search(emailWord) !== -1;
}

/** @returns the text with each e-mail address in it masked */
export function maskEmailsIn(text: string): string {
  return text.replace(emailWord, (word) => {
    const start = /^[<("'[{]*/.exec(word)?.[0] ?? "";
    const end = /[>)"'\]},;:.!?]*$/.exec(word)?.[0] ?? "";
    return `${start}${maskEmail(word.slice(start.length, word.length - end.length))}${end}`;
  });
}

const month = "(?:0?[1-9]|1[0-2])";
const day = "(?:0?[1-9]|[12][0-9]|3[01])";
const year = "(?:19|20)[0-9]{2}";
const hour = String.raw`(?:[01]?\d|2[0-3])[.:][0-5]\d`;
/** In this order: ids, dates, spans of a day, and what else is made of so many digits. */
const numberLike = new RegExp(
  [
    String.raw`(?<uuid>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)`,
    String.raw`(?<date>(?<!\p{Nd})(?:${year}-${month}-${day}|${day}[./-]${month}[./-]${year})(?!\p{Nd})(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?!\p{Nd}))?)`,
    String.raw`(?<span>(?<!\p{Nd})${hour}\s?[-–]\s?${hour}(?!\p{Nd}))`,
    String.raw`(?<number>[+(]{0,2}\p{Nd}(?:[\s().\-/\u2010-\u2015]{0,3}\p{Nd}){3,})`,
  ].join("|"),
  "giu",
);

/**
 * @param isKnown whether so many digits are somebody's number; 7 and more always are taken for one
 * @returns the text with everything masked that may be a phone number; dates and UUIDs stay
 */
export function maskPhonesIn(text: string, isKnown: (digits: string) => boolean): string {
  return text.replace(numberLike, (found, ...rest: unknown[]) => {
    const { number } = rest.at(-1) as { number?: string };
    if (number === undefined) return found;
    const digits = digitsOf(number);
    return digits.length >= 7 || isKnown(digits) ? maskPhone(number) : found;
  });
}
