import { expect, test } from "vitest";
import type { RawMessage } from "../connector.ts";
import { verifySignature } from "./signature.ts";

/**
 * Made by hand, with nothing of ours:
 * printf '%s' '1700000000.<body>' | openssl dgst -sha256 -hmac test-signing-key
 */
const vector = {
  key: "test-signing-key",
  body: '{"event":"invitee.created"}',
  time: 1_700_000_000,
  signature: "35702d53e0c18f340fa3907a32ab5229ce2e29bf7919419d2408eeaf31335b7c",
};
const header = `t=${vector.time},v1=${vector.signature}`;

function verdict(signature: string | undefined, { late = 0, body = vector.body } = {}): string {
  const message: RawMessage = {
    body: Buffer.from(body),
    headers: { "calendly-webhook-signature": signature },
    receivedAt: new Date((vector.time + late) * 1000),
  };
  return verifySignature(message, [vector.key]);
}

test("a signature made by openssl is valid", () => {
  expect(verdict(header)).toBe("valid");
});

test("it is valid for three minutes, however the clocks differ, and no longer", () => {
  for (const late of [-180, 0, 180]) expect(verdict(header, { late })).toBe("valid");
  for (const late of [-181, 181, 86_400]) expect(verdict(header, { late })).toBe("invalid");
});

test("a message that is sent again with a fresh time is not the one that was signed", () => {
  const fresh = `t=${vector.time + 86_400},v1=${vector.signature}`;
  expect(verdict(fresh, { late: 86_400 })).toBe("invalid");
});

test("the time counts as it was written, and the body as it came", () => {
  for (const time of [`+${vector.time}`, `0${vector.time}`, `${vector.time}.0`, "", "now"]) {
    expect(verdict(`t=${time},v1=${vector.signature}`)).toBe("invalid");
  }
  expect(verdict(header, { body: '{"event": "invitee.created"}' })).toBe("invalid");
});

test("the parts may come in any order, with others between them", () => {
  expect(verdict(`v1=${vector.signature}, v0=abc, t=${vector.time}`)).toBe("valid");
  expect(verdict(`t=${vector.time}`)).toBe("invalid");
  expect(verdict(`v1=${vector.signature}`)).toBe("invalid");
});

test("no header, or an empty one, is a missing signature", () => {
  expect(verdict(undefined)).toBe("missing");
  expect(verdict(" ")).toBe("missing");
});
