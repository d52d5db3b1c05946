import { expect, it } from "vitest";
import { initials } from "./avatar.tsx";

it("takes the initials of the first and the last word", () => {
  expect(initials("Anna Maria Berg")).toBe("AB");
  expect(initials("Freja")).toBe("F");
  expect(initials("  øjvind  ")).toBe("Ø");
  expect(initials("👩🏽‍🦰 Karin")).toBe("👩🏽‍🦰K");
  expect(initials("")).toBe("");
});
