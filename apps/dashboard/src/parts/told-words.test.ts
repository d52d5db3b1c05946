import { expect, it } from "vitest";
import { toldWords } from "./told-words.ts";

it("begins with a capital, and tells times by the reader's clock", () => {
  expect(toldWords("booking of 2026-11-21 23:30 UTC for Kim", "Europe/Stockholm")).toBe(
    "Booking of Sun, 22 Nov 2026, 00:30 for Kim",
  );
});

it("tells instants to the second, where two of them differ by no more", () => {
  const words =
    "it counts as of 2026-11-21T12:00:01.000Z, and what was told as of 2026-11-21T12:00:02.000Z is known already";
  expect(toldWords(words, "Europe/Stockholm")).toBe(
    "It counts as of 21 Nov, 13:00:01, and what was told as of 21 Nov, 13:00:02 is known already",
  );
});
