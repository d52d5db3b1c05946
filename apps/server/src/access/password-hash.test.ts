import { expect, test } from "vitest";
import { createPasswordHasher } from "./password-hash.ts";

const cheap = { logN: 4, r: 8, p: 1 };
const hasher = createPasswordHasher(cheap);
const password = "correct horse, wrong staple";

test("a password is right against its own hash, and against no other", async () => {
  const [first, second] = await Promise.all([hasher.hash(password), hasher.hash(password)]);
  expect(first).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(first).not.toBe(second);
  expect(await hasher.verify(password, first)).toEqual({ isRight: true, isStale: false });
  for (const wrong of ["", `${password} `, password.toUpperCase()]) {
    expect(await hasher.verify(wrong, first)).toEqual({ isRight: false, isStale: false });
  }
});

test("the hash is scrypt's as RFC 7914 defines it", async () => {
  // Appendix 12 of the RFC, second vector, of which the first 32 bytes are taken.
  const key = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162";
  const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");
  const stored = `$scrypt$ln=10,r=8,p=16$${base64(Buffer.from("NaCl"))}$${base64(Buffer.from(key, "hex"))}`;
  expect(await hasher.verify("password", stored)).toMatchObject({ isRight: true });
});

test("the same password typed on another keyboard is the same", async () => {
  const composed = "Käsespätzle 2026";
  const stored = await hasher.hash(composed.normalize("NFD"));
  expect(await hasher.verify(composed.normalize("NFC"), stored)).toMatchObject({ isRight: true });
});

test("a hash of another cost is right and stale", async () => {
  const stored = await createPasswordHasher({ logN: 5, r: 8, p: 1 }).hash(password);
  expect(await hasher.verify(password, stored)).toEqual({ isRight: true, isStale: true });
  expect(await hasher.verify("wrong", stored)).toEqual({ isRight: false, isStale: false });
});

test.each([
  null,
  "",
  "plain text",
  "$argon2id$v=19$m=65536,t=2,p=1$c2FsdA$aGFzaA",
  "$scrypt$ln=31,r=8,p=1$c2FsdA$aGFzaA",
  "$scrypt$ln=4,r=8,p=1$c2FsdA$",
])("nothing is right against %j", async (stored) => {
  expect(await hasher.verify(password, stored)).toEqual({ isRight: false, isStale: false });
});

test("a crowd is served in turns, and who would wait too long is sent away", async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 80 }, () => hasher.verify(password, null)),
  );
  const refused = answers.filter(({ status }) => status === "rejected");
  expect(answers.length - refused.length).toBe(62);
  for (const answer of refused) {
    expect(answer).toMatchObject({ reason: { code: "E_RATE_LIMITED" } });
  }
  expect(await hasher.verify(password, await hasher.hash(password))).toMatchObject({
    isRight: true,
  });
});
