import fc from "fast-check";
import { expect, test } from "vitest";
import { readPrice } from "./read-price.ts";

test.each([
  [12.5, "EUR", { priceMinor: 1250, currency: "EUR" }],
  ["12.50", "sek", { priceMinor: 1250, currency: "SEK" }],
  [900, "JPY", { priceMinor: 900, currency: "JPY" }],
  ["1.234", "KWD", { priceMinor: 1234, currency: "KWD" }],
  [0, "EUR", { priceMinor: 0, currency: "EUR" }],
])("%j %s is read in the smallest unit", (amount, currency, price) => {
  expect(readPrice(amount, currency)).toEqual(price);
});

test.each([
  [-1, "EUR"],
  ["twelve", "EUR"],
  [12, "euro"],
  [Number.NaN, "EUR"],
  [1e300, "EUR"],
])("%j %s is no price", (amount, currency) => {
  expect(readPrice(amount, currency)).toBeNull();
});

test("any values are a price or none, also objects that have no text", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constant({ toString: 1, valueOf: null }));
  fc.assert(
    fc.property(anything, anything, (amount, currency) => {
      const price = readPrice(amount, currency);
      expect(price === null || Number.isSafeInteger(price.priceMinor)).toBe(true);
    }),
  );
});
