import { expect, test } from "vitest";
import { verifySignature } from "./signature.ts";

/**
 * Made by hand, with nothing of ours:
 * printf '%s' '<body>' | openssl dgst -sha256 -hmac 'a secret of the tests'
 */
const vector = {
  secret: "a secret of the tests",
  body: '{"type":"event.created","id":"payload_1"}',
  signature: "1443a8877dae97a4cdb7713026e51ae0672fbe8633063c4657a59580b93df061",
};

const verdict = (signature: string | undefined): string =>
  verifySignature(
    {
      body: Buffer.from(vector.body),
      headers: { "x-savvycal-signature": signature },
      receivedAt: new Date("2026-01-02T08:00:00.000Z"),
    },
    [vector.secret],
  );

test("a signature made by openssl is valid, in capitals as SavvyCal writes it or not", () => {
  expect(verdict(`sha256=${vector.signature}`)).toBe("valid");
  expect(verdict(`sha256=${vector.signature.toUpperCase()}`)).toBe("valid");
});

test("without the name of its algorithm, or with another, it is invalid", () => {
  expect(verdict(vector.signature)).toBe("invalid");
  expect(verdict(`sha1=${vector.signature}`)).toBe("invalid");
});

test("no header, or an empty one, is a missing signature", () => {
  expect(verdict(undefined)).toBe("missing");
  expect(verdict(" ")).toBe("missing");
});
