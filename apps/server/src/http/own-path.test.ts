import fc from "fast-check";
import { expect, test } from "vitest";
import { ownPath } from "./own-path.ts";

const hub = "https://hub.example.com";

test("a page of the hub stays as it is", () => {
  for (const path of ["/", "/bookings?status=confirmed#top", "/invite", "/a/b%20c"]) {
    expect(ownPath(path)).toBe(path);
  }
});

test("what is no page of the hub becomes the first one", () => {
  for (const path of [
    undefined,
    "",
    "bookings",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/./\\evil.example",
    "/x/..//evil.example",
    "/%2e%2e//evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/api/v1/session",
    "/API/v1/session",
    `/${"a".repeat(600)}`,
  ]) {
    expect(ownPath(path), path).toBe("/");
  }
});

test("no text leads away from the hub", () => {
  const piece = fc.constantFrom("/", "\\", "..", ".", "@", ":", "\t", "\n", "%2f", "%5c", "?", "#");
  const text = fc
    .array(fc.oneof(piece, fc.string({ maxLength: 3 }), fc.constant("evil.example")))
    .map((pieces) => `/${pieces.join("")}`);
  fc.assert(
    fc.property(fc.oneof(text, fc.webUrl(), fc.string()), (asked) => {
      const path = ownPath(asked);
      // Both ways in which a browser may be told, by a full address and by a bare path.
      expect(new URL(`${hub}${path}`).origin).toBe(hub);
      expect(new URL(path, hub).origin).toBe(hub);
      expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]*$/);
    }),
    { numRuns: 2000 },
  );
});
