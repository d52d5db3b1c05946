import { expect, test } from "vitest";
import type { RawMessage } from "../connector.ts";
import { verifySignature } from "./signature.ts";

/**
 * Made by hand, with nothing of ours:
 * printf '%s' '<url><body>' | openssl dgst -sha256 -hmac 'asdf1234' -binary | base64
 */
const vector = {
  key: "asdf1234",
  url: "https://example.com/webhook",
  body: '{"hello":"world"}',
  signature: "2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=",
};

const message = (changes: Partial<RawMessage> & { signature?: string } = {}): RawMessage => ({
  body: Buffer.from(vector.body),
  headers: { "x-square-hmacsha256-signature": changes.signature ?? vector.signature },
  receivedAt: new Date("2026-01-02T08:00:00.000Z"),
  url: vector.url,
  ...changes,
});

test("a signature made by openssl is valid", () => {
  expect(verifySignature(message(), [vector.key])).toBe("valid");
});

test("the address counts as it is written at Square", () => {
  for (const url of ["https://example.com/webhook/", "http://example.com/webhook", ""]) {
    expect(verifySignature(message({ url }), [vector.key])).toBe("invalid");
  }
  const { url: _url, ...without } = message();
  expect(verifySignature(without, [vector.key])).toBe("invalid");
});

test("one signature is written in one way", () => {
  // The last digit before the padding differs in bits that decode to nothing.
  const same = vector.signature.replace("Og=", "Oh=");
  for (const signature of [same, vector.signature.slice(0, -1), `${vector.signature} x`]) {
    expect(verifySignature(message({ signature }), [vector.key])).toBe("invalid");
  }
});

test("no header is a missing signature", () => {
  expect(verifySignature(message({ headers: {} }), [vector.key])).toBe("missing");
});
