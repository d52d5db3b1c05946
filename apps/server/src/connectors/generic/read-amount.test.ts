import { describe, expect, test } from "vitest";
import { readAmount } from "./read-amount.ts";

describe("an amount as people write it", () => {
  test.each([
    ["12,50", "12.50"],
    ["12.50", "12.50"],
    ["12,5", "12.5"],
    ["1.234,50", "1234.50"],
    ["1,234.50", "1234.50"],
    ["1.234.567,8", "1234567.8"],
    ["1,234,567", "1234567"],
    ["1 234,50", "1234.50"],
    ["1\u00A0234,50", "1234.50"],
    ["1\u202F234", "1234"],
    ["1'234.50", "1234.50"],
    ["1’234.50", "1234.50"],
    ["0,125", "0.125"],
    ["1234,567", "1234.567"],
    [" 12 ", "12"],
    [12.5, "12.5"],
    [1.234, "1.234"],
    [1234, "1234"],
  ])("%j is %s", (written, amount) => {
    expect(readAmount(written, 2)).toEqual({ state: "read", amount });
  });

  test.each(["1.234", "1,234", "12.500", "999,000"])(
    "%j may be thousands or decimals, and is neither",
    (written) => {
      expect(readAmount(written, 2)).toEqual({ state: "ambiguous" });
    },
  );

  test("has three decimals where its currency has", () => {
    expect(readAmount("1.234", 3)).toEqual({ state: "read", amount: "1.234" });
  });

  test.each([
    "",
    "twelve",
    "-12,50",
    "1.23,45",
    "12.34.56",
    "1,2,3",
    "1.234,567,8",
    "1,234.567.8",
    "1 23,50",
    "1.234 567",
    ",50",
    "12,",
    "1e3",
    "12.50 EUR",
    "1".repeat(20),
    -1,
    Number.NaN,
    true,
  ])("%j is none", (written) => {
    expect(readAmount(written, 2)).toEqual({ state: "none" });
  });
});
