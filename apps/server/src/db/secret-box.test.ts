import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSecretBox } from "./secret-box.ts";

const unreadable = expect.objectContaining({ code: "E_SECRET_UNREADABLE" });

describe("a secret box", () => {
  const box = createSecretBox(randomBytes(32));

  test("opens whatever it sealed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (secret) => {
        expect(box.open(box.seal(secret))).toBe(secret);
      }),
    );
  });

  test("seals the same secret differently each time", () => {
    expect(box.seal("a")).not.toEqual(box.seal("a"));
  });

  test("does not open what was sealed under another key or for another purpose", () => {
    const key = randomBytes(32);
    const sealed = createSecretBox(key).seal("s");
    expect(() => box.open(sealed)).toThrow(unreadable);
    expect(() => createSecretBox(key, "tickets").open(sealed)).toThrow(unreadable);
  });

  test("does not open what was changed in any bit, cut short or made longer", () => {
    const sealed = box.seal("a secret");
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => box.open(changed)).toThrow(unreadable);
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => box.open(sealed.subarray(0, length))).toThrow(unreadable);
    }
    expect(() => box.open(Buffer.concat([sealed, Buffer.of(0)]))).toThrow(unreadable);
  });

  test("refuses a master key of another length", () => {
    expect(() => createSecretBox(randomBytes(16))).toThrow(TypeError);
  });
});
