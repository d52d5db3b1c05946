import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contactArbitrary } from "../../../test/personal-data.ts";
import {
  digitsIn,
  emailWriting,
  phoneWriting,
  readAsPeopleDo,
} from "../../../test/unusual-notations.ts";
import { knownContacts, maskId, maskText } from "./known-contacts.ts";
import { maskUrl, maskValue } from "./mask-values.ts";
import { redactValue } from "./redact.ts";

const nobody = knownContacts(undefined);
const about = (person: { email?: string; phone?: string }) =>
  knownContacts(undefined, { attendees: [person] });

const phoneArbitrary = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 12 })
  .map((digits) => digits.join(""));
/** What stands around: it has no digits or at signs that would join the contact's own. */
const wordsArbitrary = fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[\d@%&]/g, ""));

describe("however it is written, a known contact is not left", () => {
  test("as an e-mail address", () => {
    const plainEmail = contactArbitrary
      .map(({ email }) => email)
      .filter((email) => /^[\w.+-]+@[\w.-]+\.[a-z]+$/i.test(email));
    fc.assert(
      fc.property(
        plainEmail,
        emailWriting,
        wordsArbitrary,
        wordsArbitrary,
        (email, write, a, b) => {
          const text = `${a} ${write(email)} ${b}`;
          const known = about({ email });
          for (const shown of [maskText(text, known), String(maskValue(text, known, true))]) {
            expect(readAsPeopleDo(shown)).not.toContain(email.toLowerCase());
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("as a phone number", () => {
    fc.assert(
      fc.property(
        phoneArbitrary,
        phoneWriting,
        wordsArbitrary,
        wordsArbitrary,
        (phone, write, a, b) => {
          const text = `${a} ${write(phone)} ${b}`;
          const known = about({ phone });
          for (const shown of [maskText(text, known), String(maskValue(text, known, true))]) {
            expect(digitsIn(shown)).not.toContain(phone);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(["2026-11-21", "14:30-15:30", "SEK 12 345 678,00", "#12345678", "kr 12.345.678"])(
    "even in the shape of what else would stay: %s",
    (text) => {
      const phone = text.replaceAll(/\D/g, "");
      expect(digitsIn(maskText(`On ${text}.`, about({ phone })))).not.toContain(phone);
    },
  );

  test("with or without its country's code", () => {
    const known = about({ phone: "+46 70 123 45 67" });
    expect(maskText("kr 070.123.4567 or 1 4670 1234 567", known)).not.toMatch(/123|45/);
  });

  test("in an id, a link or a redacted body", () => {
    const known = about({ email: "ada@example.com", phone: "12345678" });
    for (const id of ["x-ada%2540example.com", "x-ada&#64;example.com", "x-１２３４５６７８"]) {
      expect(maskId(id, known)).toBe("•••");
      expect(maskUrl(`https://a.example/?q=${id}`, known)).toBeNull();
    }
    const body = { phone: "１２３４５６７８", bookingId: "12345678", at: "1234-56-78" };
    expect(redactValue(body)).toEqual({ phone: "•••", bookingId: "•••", at: "•••" });
  });
});

describe("what looks like a contact in an unusual notation is masked", () => {
  test.each([
    ["Call 12,34,56,78 now", "Call •• •• •• 78 now"],
    ["Call 12_34_56_78 now", "Call •• •• •• 78 now"],
    ["Call 12·34·56·78 now", "Call •• •• •• 78 now"],
    ["Call 12:34:56:78 now", "Call •• •• •• 78 now"],
    ["Call 12;34;56;78 now", "Call •• •• •• 78 now"],
    ["Call 12\u200B345\u00AD678 now", "Call •• •• •• 78 now"],
    ["Call １２３４５６７８ now", "Call •• •• •• 78 now"],
    ["Call ١٢٣٤٥٦٧٨ now", "Call •• •• •• 78 now"],
    ["Call 1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣ now", "Call •• •• •• 78️⃣ now"],
    ["Call %2B45%2012345678 now", "Call +45 •• •• •• 78 now"],
    ["Write ada @ example.com now", "Write a•••@e•••.com now"],
    ["Write ada@\nexample.com now", "Write a•••@e•••.com now"],
    ["Write ada [at] example.com now", "Write a•••@e•••.com now"],
    ["Write ada (at) example dot com now", "Write a•••@e•••.com now"],
    ["Write ada at example dot com now", "Write a•••@e•••.com now"],
    ["Write ada&#64;example.com now", "Write a•••@e•••.com now"],
    ["Write ada&#x40;example&#46;com now", "Write a•••@e•••.com now"],
    ["Write ada%40example.com now", "Write a•••@e•••.com now"],
    ["Write ada%2540example.com now", "Write a•••@e•••.com now"],
    ["Write a\u200Bda@exam\u00ADple.com now", "Write a•••@e•••.com now"],
    ["Write ada＠example．com now", "Write a•••@e•••.com now"],
  ])("%s", (text, masked) => {
    expect(maskText(text, nobody)).toBe(masked);
  });

  test("ada at example.com, when she is known", () => {
    expect(maskText("Write ada at example.com.", nobody)).toBe("Write ada at example.com.");
    expect(maskText("Write ada at example.com.", about({ email: "ada@example.com" }))).toBe(
      "Write a•••@e•••.com.",
    );
  });
});

describe("what is no contact stays", () => {
  test.each([
    "2026-11-21 14:30",
    "2026-11-21T14:30:00+01:00",
    "20261121T143000Z",
    "21.11.2026 kl. 14.30",
    "21. 11. 2026",
    "11/21/2026, 2:30 PM",
    "Open 09:00,10:30,12:00 and 14:30-15:30",
    "At 09:00 10:30 12:00 in 2026",
    "Room 4 14:30 2026-11-21",
    "SEK 1 250,00",
    "SEK 12 500,00 or 1.250.000,00 kr",
    "€12,500.00, $1,250,000",
    "1 250 000 kr",
    "#1043",
    "Booking #1043121, seat 2",
    "0199a1b2-1234-7890-8123-456789012345",
    "0199a1b2123478908123456789012345",
    "bk_2hGx, INV-1043",
    "114 55 Stockholm, 2100 København Ø, D-10115 Berlin, SE-114 55",
    "NY 10001-1234",
    "Rooms 1, 2, 3 and 14",
    "Grå & blå: 50 % off, 100% wool",
    "2 dogs @ 14:30",
    "See you @ the salon, or at salon.example",
    "@salon",
    "Polka dot dress at noon (at home)",
    "Café, Ærø, 東京, नमस्ते",
    "Tip 15.50",
  ])("%s", (text) => {
    expect(maskText(text, nobody)).toBe(text);
  });

  test("around a contact, letter for letter", () => {
    fc.assert(
      fc.property(wordsArbitrary, wordsArbitrary, (a, b) => {
        const shown = maskText(`${a} \u00E6 ada@example.com \u00E6 ${b}`, nobody);
        expect(shown).toBe(`${a} \u00E6 a•••@e•••.com \u00E6 ${b}`);
      }),
    );
  });
});
