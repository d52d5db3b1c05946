import fc from "fast-check";

/** Ways in which somebody writes what is not to be found, each a change of a text. */
type Rewriting = (text: string) => string;

const invisible = ["\u200B", "\u200D", "\u2060", "\u00AD", "\uFEFF", "\u202A", "\uFE0F", "\u034F"];
const between = (sign: string): Rewriting => {
  return (text) => Array.from(text).join(sign);
};
const digitsFrom = (zero: number): Rewriting => {
  return (text) =>
    text.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number.parseInt(digit, 10)));
};
const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
const asEntities = (text: string): string =>
  Array.from(text)
    .map((character) => `&#${codeOf(character)};`)
    .join("");
const asHexEntities = (text: string): string =>
  text.replaceAll(/[^a-z0-9]/giu, (character) => `&#x${codeOf(character).toString(16)};`);
const percentEncoded = (text: string): string =>
  Array.from(new TextEncoder().encode(text))
    .map((byte) => `%${byte.toString(16).padStart(2, "0")}`)
    .join("");
const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (sign) => String.fromCodePoint(codeOf(sign) + 0xfee0));

/** The at sign and the dots of an e-mail address, as people write them for people. */
const spelled: readonly Rewriting[] = [
  (email) => email,
  (email) => email.replace("@", " @ "),
  (email) => email.replace("@", "@\n"),
  (email) => email.replace("@", " [at] "),
  (email) => email.replace("@", "(AT)"),
  (email) => email.replace("@", " {at} ").replaceAll(".", " {dot} "),
  (email) => email.replace("@", " at ").replaceAll(".", " dot "),
  (email) => email.replace("@", " (at) ").replaceAll(".", " dot "),
  (email) => email.replace("@", "&#64;"),
  (email) => email.replace("@", "&commat;").replaceAll(".", "&period;"),
  (email) => email.replace("@", "%40"),
];
/** Digits of a phone number, with something between them. */
const separated: readonly Rewriting[] = [
  (digits) => digits,
  ...[",", "_", "·", ":", ";", "-", " - ", "/", "\n", "•", "|", "*", "…"].flatMap((sign) => [
    between(sign),
    (digits: string) => digits.replaceAll(/(..)(?=.)/g, `$1${sign}`),
  ]),
];
const disguises: readonly Rewriting[] = [
  ...invisible.map(between),
  digitsFrom(0x660),
  digitsFrom(0x6f0),
  digitsFrom(0x966),
  digitsFrom(0xff10),
  digitsFrom(0x1d7ce),
  fullWidth,
];
const encodings: readonly Rewriting[] = [
  encodeURIComponent,
  percentEncoded,
  asEntities,
  asHexEntities,
];

const anyOf = (rewritings: readonly Rewriting[]) => fc.constantFrom(...rewritings);

/** How a contact is written: separated or spelled out, then disguised, then encoded up to twice. */
const writing = (first: readonly Rewriting[]): fc.Arbitrary<Rewriting> =>
  fc
    .tuple(
      anyOf(first),
      fc.array(anyOf(disguises), { maxLength: 2 }),
      fc.array(anyOf(encodings), { maxLength: 2 }),
    )
    .map(([spell, covers, codes]) => {
      return (text) =>
        [...covers, ...codes].reduce((written, rewrite) => rewrite(written), spell(text));
    });

export const emailWriting = writing(spelled);
export const phoneWriting = writing(separated);

const named: Readonly<Record<string, string>> = { commat: "@", period: "." };

/** What somebody reads who knows all these notations: letters, digits, at signs and dots. */
export function readAsPeopleDo(text: string): string {
  let plain = text;
  for (let round = 0; round < 5; round += 1) {
    plain = plain
      .normalize("NFKC")
      .replaceAll(/[\p{Cf}\p{Mn}]/gu, "")
      .replaceAll(/%([0-7][0-9a-f])/gi, (_all, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      )
      .replaceAll(/((?:%[c-f][0-9a-f])(?:%[89ab][0-9a-f])+)/gi, (bytes) => decoded(bytes))
      .replaceAll(/&#(\d{1,6});/g, (_all, code: string) => String.fromCodePoint(Number(code)))
      .replaceAll(/&#x([0-9a-f]{1,5});/gi, (_all, code: string) =>
        String.fromCodePoint(Number.parseInt(code, 16)),
      )
      .replaceAll(/&(commat|period);/g, (_all, name: string) => named[name] ?? "");
  }
  const digits = plain.replaceAll(/\p{Nd}/gu, (digit) => {
    const zeros = [0x660, 0x6f0, 0x966];
    const zero = zeros.find((first) => codeOf(digit) >= first && codeOf(digit) < first + 10);
    return zero === undefined ? digit : String(codeOf(digit) - zero);
  });
  return digits
    .toLowerCase()
    .replaceAll(/\s*[[({]\s*at\s*[\])}]\s*|\s+at\s+/g, "@")
    .replaceAll(/\s*[[({]\s*dot\s*[\])}]\s*|\s+dot\s+/g, ".")
    .replaceAll(/\s/g, "");
}

function decoded(bytes: string): string {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return bytes;
  }
}

export const digitsIn = (text: string): string => readAsPeopleDo(text).replaceAll(/\D/g, "");
