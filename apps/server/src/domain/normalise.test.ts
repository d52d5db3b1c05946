import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countryOfZone } from "./country-of-zone.ts";
import { normaliseEmail } from "./normalise-email.ts";
import { namesItsCountry, normalisePhone } from "./normalise-phone.ts";
import { splitName } from "./split-name.ts";

const anyText = fc.string({ unit: fc.constantFrom(...Array.from("a@. é+0,\u0000\ud800\u200b٣")) });

describe("an e-mail address", () => {
  test.each([
    ["  Anna.Berg@Example.COM ", "anna.berg@example.com"],
    ["anna@Smörgås.example", "anna@xn--smrgs-pra0j.example"],
    ["a.n.n.a+dog@gmail.com", "a.n.n.a+dog@gmail.com"],
    ["no address", null],
    ["@example.com", null],
    ["anna@", null],
    ["an na@example.com", null],
    ["a@b@example.com", null],
    ["", null],
    [null, null],
  ])("%j is known as %j", (text, known) => {
    expect(normaliseEmail(text)).toBe(known);
  });

  test("stays what it is when it is normalised again", () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const once = normaliseEmail(email.toUpperCase());
        expect(normaliseEmail(once)).toBe(once);
        expect(once).toBe(normaliseEmail(email));
      }),
    );
  });

  test("never throws", () => {
    fc.assert(fc.property(anyText, (text) => void normaliseEmail(text)));
  });
});

describe("a phone number", () => {
  test.each([
    ["070-123 45 67", "SE", "+46701234567"],
    ["+46 (0)70 123 45 67", "DK", "+46701234567"],
    ["0046701234567", null, "+46701234567"],
    ["12 34 56 78", "DK", "+4512345678"],
    ["12 34 56 78", null, null],
    ["600 123 456", "PL", "+48600123456"],
    ["070-123 45 67 ext 5", "SE", "+46701234567"],
    ["call 070-123 45 67", "SE", null],
    ["123", "SE", null],
    ["1".repeat(400), "SE", null],
    [null, "SE", null],
  ])("%j in %s is known as %j", (text, country, known) => {
    expect(normalisePhone(text, country)).toBe(known);
  });

  test("that names its country needs no other", () => {
    expect(namesItsCountry(" +46 70")).toBe(true);
    expect(namesItsCountry("0046 70")).toBe(true);
    expect(namesItsCountry("070")).toBe(false);
  });

  test("never throws", () => {
    const country = fc.constantFrom("SE", "PL", null);
    fc.assert(
      fc.property(anyText, country, (text, code) => {
        void normalisePhone(text, code);
      }),
    );
  });
});

test.each([
  ["Europe/Stockholm", "SE"],
  ["Europe/Copenhagen", "DK"],
  ["Europe/Warsaw", "PL"],
  ["America/New_York", "US"],
  ["UTC", null],
])("%s lies in %s", (zone, country) => {
  expect(countryOfZone(zone)).toBe(country);
});

test.each([
  ["Anna Maria Berg", "Anna", "Maria Berg"],
  [" Cher ", "Cher", null],
  ["anna@example.com", null, null],
  ["+46 70 123", null, null],
  ["", null, null],
])("the name %j is %j and %j", (name, firstName, lastName) => {
  expect(splitName(name)).toEqual({ firstName, lastName });
});
