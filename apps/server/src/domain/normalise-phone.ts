import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";

/** Longer texts are no phone numbers, and are not looked at. */
const MAX_LENGTH = 50;

/** Whether a number tells its country itself: `+46 …`, or the `00` that most of the world dials. */
export function namesItsCountry(phone: string): boolean {
  return /^\s*(?:\+|00)/.test(phone);
}

/**
 * A phone number as E.164, by which customers are recognised; an extension is left out.
 * @param country ISO 3166 code of the country that numbers without one belong to; null when it is
 *   not known
 * @returns null when the text is no number that could exist
 */
export function normalisePhone(
  text: string | null | undefined,
  country: string | null,
): string | null {
  if (text == null || text.length > MAX_LENGTH) return null;
  const international = text.trim().replace(/^00/, "+");
  const dialled = country === null ? international : text.trim();
  const number = parsePhoneNumberFromString(dialled, {
    ...(country === null ? {} : { defaultCountry: country as CountryCode }),
    extract: false,
  });
  return number?.isPossible() === true ? number.number : null;
}
