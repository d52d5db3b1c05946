import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSecretBox, MARK } from "./secret-box.ts";

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

describe("a ring of keys", () => {
  const [newest, older, oldest, stranger] = [1, 2, 3, 4].map((n) => Buffer.alloc(32, n)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  const ring = createSecretBox([newest, older, oldest]);

  test("opens what any of its keys sealed, and seals under the newest", () => {
    for (const key of [newest, older, oldest]) {
      expect(ring.open(createSecretBox(key).seal("s"))).toBe("s");
    }
    expect(createSecretBox(newest).open(ring.seal("s"))).toBe("s");
    expect(() => createSecretBox(older).open(ring.seal("s"))).toThrow(unreadable);
  });

  test("does not open what a stranger's key sealed, or was sealed for another purpose", () => {
    expect(() => ring.open(createSecretBox(stranger).seal("s"))).toThrow(unreadable);
    expect(() => ring.open(createSecretBox(older, "tickets").seal("s"))).toThrow(unreadable);
  });

  test("tells by which key something is sealed", () => {
    const markOf = (sealed: Uint8Array): Buffer => Buffer.from(sealed).subarray(0, MARK);
    expect(markOf(ring.seal("s"))).toEqual(ring.newest);
    expect(markOf(createSecretBox(older).seal("s"))).toEqual(ring.older[0]);
    expect(ring.older).toHaveLength(2);
  });

  test("a key that is named twice is there once", () => {
    expect(createSecretBox([newest, newest]).older).toEqual([]);
  });
});
