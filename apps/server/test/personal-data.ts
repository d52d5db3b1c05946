import fc from "fast-check";

/** Ways to reach somebody, as people and forms write them; none is a real one. */
export interface Contact {
  readonly email: string;
  readonly phone: string;
}

const letter = fc.constantFrom(...Array.from("abcdefghijklmnopqrstuvwxyzæøåü"));
const name = fc.string({ unit: letter, minLength: 2, maxLength: 12 });
const emailArbitrary = fc
  .tuple(name, fc.constantFrom("", "+salon", ".hansen", "_1987", "-x"), name, name)
  .chain(([local, tag, host, sub]) =>
    fc.constantFrom(
      `${local}${tag}@${host}.example`,
      `${local}${tag}@${sub}.${host}.example.com`,
      `${local}${tag}@${host}.co`.toUpperCase(),
      `${local}${tag}@localhost`,
    ),
  );

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length });
const pairs = (number: readonly number[]): string =>
  number.join("").replaceAll(/(..)(?=.)/g, "$1 ");
const phoneArbitrary = digits(8).chain((number) => {
  const plain = number.join("");
  return fc.constantFrom(
    plain.replace(/^0/, "7"),
    `+45${plain}`,
    `+45 ${pairs(number)}`,
    `0045-${plain.slice(0, 4)}-${plain.slice(4)}`,
    `(070) ${plain.slice(0, 3)}.${plain.slice(3)}`,
    `+1 (${plain.slice(0, 3)}) ${plain.slice(3)}-12`,
    `٠٧${plain.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)))}`,
  );
});

export const contactArbitrary: fc.Arbitrary<Contact> = fc.record({
  email: emailArbitrary,
  phone: phoneArbitrary,
});

/** A text that tells how to reach somebody. */
export const tellingArbitrary = ({ email, phone }: Contact): fc.Arbitrary<string> =>
  fc.constantFrom(
    email,
    phone,
    `Call ${phone} or write to <${email}>, please.`,
    `Wash (${email}) 12/10/2026 12.00-14.00`,
    `mailto:${email}?subject=hi`,
    `tel:${phone}`,
    `Tlf${phone}`,
    `"${email}";"${phone}"`,
    `a=1&email=${encodeURIComponent(email)}&tel=${encodeURIComponent(phone)}`,
    `${phone}/${phone}`,
    `２ ${email.replace("@", " @ ").replace(" @ ", "@")}\n${phone}\t2026-10-12 10:00`,
  );

/** A link that tells how to reach somebody. */
export const tellingUrlArbitrary = ({ email, phone }: Contact): fc.Arbitrary<string> =>
  fc.constantFrom(
    `https://meet.example/a?email=${encodeURIComponent(email)}`,
    `https://meet.example/a?invitee=${encodeURIComponent(encodeURIComponent(email))}`,
    `https://meet.example/${email}`,
    `https://wa.me/${phone.replaceAll(/\P{Nd}/gu, "")}`,
    `https://meet.example/?phone=${encodeURIComponent(phone)}`,
  );

const allDigits = (text: string): string =>
  Array.from(text)
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      return code >= 0x660 && code <= 0x669 ? String(code - 0x660) : character;
    })
    .filter((character) => /\d/.test(character))
    .join("");

const harmless = /^(?:\d{4}-\d{2}-\d{2}T[\d:.]+Z|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * Where in a value, however deep, somebody's address or number stands: also in other letters' case,
 * encoded for a link, or with other spaces in it.
 */
export function findContacts(value: unknown, contacts: readonly Contact[], path = "$"): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => findContacts(inner, contacts, `${path}[${index}]`));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => [
      ...findContacts(key, contacts, `${path} key`),
      ...findContacts(inner, contacts, `${path}.${key}`),
    ]);
  }
  const text = String(value);
  if (harmless.test(text)) return [];
  const plain = decoded(text).toLowerCase();
  const number = allDigits(plain);
  return contacts.flatMap(({ email, phone }) => [
    ...(plain.includes(email.toLowerCase()) ? [`${path}: ${email} in ${text}`] : []),
    ...(number.includes(allDigits(phone)) ? [`${path}: ${phone} in ${text}`] : []),
  ]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(text));
  } catch {
    return text;
  }
}
