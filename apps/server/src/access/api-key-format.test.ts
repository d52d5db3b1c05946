import fc from "fast-check";
import { expect, test } from "vitest";
import { looksLikeApiKey, newApiKey, readApiKey } from "./api-key-format.ts";

const kinds = fc.constantFrom("secret", "publishable");

test("a key has its documented shape, and only its hash and first characters are kept", () => {
  const secret = newApiKey("secret", "live");
  expect(secret.key).toMatch(/^sw_sk_live_[0-9A-Za-z]{22}_[0-9A-Za-z]{6}$/);
  expect(newApiKey("publishable", "demo").key).toMatch(/^sw_pk_demo_/);
  expect(secret.prefix).toBe(secret.key.slice(0, "sw_sk_live_".length + 4));
  expect(readApiKey(secret.key)).toEqual({ kind: "secret", hash: secret.hash });
});

test("any single wrong character is found without the database", () => {
  const character = fc.oneof(
    fc.constantFrom("_", "-", "é", " ", "\n"),
    fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(kinds, fc.nat(), character, (kind, place, wrong) => {
      const { key } = newApiKey(kind, "live");
      const at = place % key.length;
      fc.pre(key[at] !== wrong);
      const mistyped = key.slice(0, at) + wrong + key.slice(at + 1);
      expect(readApiKey(mistyped)).toBeNull();
    }),
  );
});

test("two neighbours that change places are found", () => {
  fc.assert(
    fc.property(kinds, fc.nat(), (kind, place) => {
      const { key } = newApiKey(kind, "live");
      const at = place % (key.length - 1);
      fc.pre(key[at] !== key[at + 1]);
      const swapped = key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2);
      expect(readApiKey(swapped)).toBeNull();
    }),
  );
});

test("what is cut off, padded or something else is no key", () => {
  const { key } = newApiKey("secret", "live");
  for (const text of ["", "sw_sk_", key.slice(1), key.slice(0, -1), `${key}x`, `${key}\n`]) {
    expect(readApiKey(text)).toBeNull();
  }
  expect([key, "sw_pk_x", "sw_xk_live", "eyJhbGciOi"].map(looksLikeApiKey)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
