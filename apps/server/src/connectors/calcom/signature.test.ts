import { expect, test } from "vitest";
import type { RawMessage } from "../connector.ts";
import { verifySignature } from "./signature.ts";

/**
 * Made by hand, with nothing of ours:
 * printf '%s' '<body>' | openssl dgst -sha256 -hmac 'a secret of the tests'
 */
const vector = {
  secret: "a secret of the tests",
  body: '{"triggerEvent":"PING","createdAt":"2026-01-02T08:00:00.000Z","payload":{"title":"żółw"}}',
  signature: "83fa9b1f019b3adfa95aed1c9dd9470eee8db9d2be416e88ca45d8fda1f15397",
};

const message = (signature: string | undefined, body = vector.body): RawMessage => ({
  body: Buffer.from(body),
  headers: { "x-cal-signature-256": signature },
  receivedAt: new Date("2026-01-02T08:00:00.000Z"),
});

test("a signature made by openssl is valid", () => {
  expect(verifySignature(message(vector.signature), [vector.secret])).toBe("valid");
});

test("hex digits count in either case", () => {
  expect(verifySignature(message(vector.signature.toUpperCase()), [vector.secret])).toBe("valid");
});

test("the body counts as it came: the same JSON written otherwise is invalid", () => {
  const rewritten = JSON.stringify(JSON.parse(vector.body), null, 2);
  expect(verifySignature(message(vector.signature, rewritten), [vector.secret])).toBe("invalid");
});

test("Cal.com's word for a webhook without a secret is a missing signature", () => {
  expect(verifySignature(message("no-secret-provided"), [vector.secret])).toBe("missing");
});

test("no header, or an empty one, is a missing signature", () => {
  expect(verifySignature(message(undefined), [vector.secret])).toBe("missing");
  expect(verifySignature(message("  "), [vector.secret])).toBe("missing");
});

test("a prefix, a part of the signature or another length is invalid", () => {
  for (const wrong of [
    `sha256=${vector.signature}`,
    vector.signature.slice(0, 32),
    `${vector.signature}00`,
  ]) {
    expect(verifySignature(message(wrong), [vector.secret])).toBe("invalid");
  }
});
