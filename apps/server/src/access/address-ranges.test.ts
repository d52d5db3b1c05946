import { expect, test } from "vitest";
import { isInRanges, isRangeWithin } from "./address-ranges.ts";

test.each([
  ["192.0.2.7", "192.0.2.0/24", true],
  ["192.0.3.7", "192.0.2.0/24", false],
  ["192.0.2.7", "192.0.2.7", true],
  ["192.0.2.8", "192.0.2.7", false],
  ["::ffff:192.0.2.7", "192.0.2.0/24", true],
  ["::FFFF:C000:207", "192.0.2.0/24", true],
  ["192.0.2.7", "::ffff:192.0.2.0/120", true],
  ["192.0.3.7", "::ffff:192.0.2.0/120", false],
  ["192.0.2.7", "::ffff:192.0.2.7", true],
  ["2001:db8::1", "2001:db8::/32", true],
  ["2001:db9::1", "2001:db8::/32", false],
  ["2001:db8:0:0:0:0:0:1", "2001:db8::1", true],
  ["192.0.2.7", "0.0.0.0/0", true],
  ["2001:db8::1", "0.0.0.0/0", false],
  ["192.0.2.7", "::/0", false],
  ["192.0.2.7", "nonsense", false],
  ["192.0.2.7", "192.0.2.7/99", false],
  ["nonsense", "0.0.0.0/0", false],
  ["", "0.0.0.0/0", false],
])("%s in %s: %s", (address, range, expected) => {
  expect(isInRanges(address, [range])).toBe(expected);
  expect(isInRanges(address, ["198.51.100.1", range])).toBe(expected);
});

test("nothing lies in no range", () => {
  expect(isInRanges("192.0.2.7", [])).toBe(false);
});

test.each([
  ["192.0.2.128/25", "192.0.2.0/24", true],
  ["192.0.2.0/24", "192.0.2.0/24", true],
  ["192.0.2.0/23", "192.0.2.0/24", false],
  ["192.0.3.0/25", "192.0.2.0/24", false],
  ["192.0.2.7", "192.0.2.0/24", true],
  ["::ffff:192.0.2.7", "192.0.2.0/24", true],
  ["::/0", "0.0.0.0/0", false],
  ["0.0.0.0/0", "192.0.2.7", false],
  ["nonsense", "0.0.0.0/0", false],
])("all of %s is in %s: %s", (range, outer, expected) => {
  expect(isRangeWithin(range, [outer])).toBe(expected);
  expect(isRangeWithin(range, ["198.51.100.1", outer])).toBe(expected);
});
