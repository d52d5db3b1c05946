import fc from "fast-check";
import { expect, it } from "vitest";
import { ownPath } from "./own-path.ts";

it("takes addresses of the dashboard as they are", () => {
  expect(ownPath("/inbox?status=failed")).toBe("/inbox?status=failed");
  expect(ownPath("/bookings/1")).toBe("/bookings/1");
});

it("takes nothing that leads elsewhere", () => {
  for (const address of [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/./..//evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "inbox",
    "/sign-in",
    "",
    7,
    undefined,
  ]) {
    expect(ownPath(address), String(address)).toBeUndefined();
  }
});

it("never leaves the origin, whatever is given", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    "\t",
    "\n",
    ".",
    "..",
    "@",
    ":",
    "a",
    "//",
    "evil.example",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const path = ownPath(pieces.join(""));
      if (path !== undefined) {
        expect(new URL(path, "https://hub.example").origin).toBe("https://hub.example");
      }
    }),
    { numRuns: 2_000 },
  );
});
