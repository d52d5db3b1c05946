import { expect, test } from "vitest";
import { verifySignature } from "./signature.ts";

/**
 * Made by hand, with nothing of ours:
 * printf '%s' '<body>' | openssl dgst -sha256 -hmac 'an API key of the tests' -binary | base64
 */
const vector = {
  key: "an API key of the tests",
  body: "action=changed&id=54321&calendarID=27238&appointmentTypeID=4711",
  signature: "bUvGQrClj8aVHtl0/CB1kxA7hnyueEzTSTv5XR2O5Ag=",
};

const verdict = (signature: string | undefined, body = vector.body): string =>
  verifySignature(
    {
      body: Buffer.from(body),
      headers: { "x-acuity-signature": signature },
      receivedAt: new Date("2026-01-02T08:00:00.000Z"),
    },
    [vector.key],
  );

test("a signature made by openssl is valid", () => {
  expect(verdict(vector.signature)).toBe("valid");
});

test("the form counts as it came: the same fields in another order are invalid", () => {
  const other = "id=54321&action=changed&calendarID=27238&appointmentTypeID=4711";
  expect(verdict(vector.signature, other)).toBe("invalid");
});

test("no header, or an empty one, is a missing signature", () => {
  expect(verdict(undefined)).toBe("missing");
  expect(verdict("  ")).toBe("missing");
});
