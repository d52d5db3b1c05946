import { createHmac, randomBytes } from "node:crypto";
import type { AuthMode } from "@slotwire/contract";
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { calcomConnector } from "../../connectors/calcom/connector.ts";
import { checkProof, type IncomingMessage } from "./check-proof.ts";
import { hashUrlToken } from "./new-secret.ts";
import type { SourceConnection } from "./source-connection.ts";

const now = new Date("2026-01-02T08:00:00.000Z");
const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const token = "a-token-of-the-address_0123456789";

const connection = (authModes: AuthMode[], changes: Partial<SourceConnection> = {}) => ({
  id: "c",
  orgId: "o",
  kind: "calcom",
  name: "Cal.com",
  status: "active" as const,
  timeZone: "UTC",
  authModes,
  secret,
  previous: null,
  urlTokenHash: hashUrlToken(token),
  previousUrlToken: null,
  allowedRanges: null,
  messagesPerMinute: 6000,
  settings: {},
  apiUrl: null,
  apiKey: null,
  ...changes,
});

/** A message as it would come that proves itself by the mode. */
function proven(mode: AuthMode, body: Buffer): IncomingMessage {
  const plain = { body, headers: {}, receivedAt: now, urlToken: null };
  const hmac = (): string => createHmac("sha256", secret).update(body).digest("hex");
  switch (mode) {
    case "source_signature":
      return { ...plain, headers: { "x-cal-signature-256": hmac() } };
    case "standard_webhooks":
      return {
        ...plain,
        headers: {
          "webhook-id": "msg_1",
          "webhook-timestamp": String(now.getTime() / 1000),
          "webhook-signature": new Webhook(secret).sign("msg_1", now, body.toString()),
        },
      };
    case "shared_secret":
      return { ...plain, headers: { "x-webhook-secret": secret } };
    case "bearer":
      return { ...plain, headers: { authorization: `Bearer ${secret}` } };
    case "url_token":
      return { ...plain, urlToken: token };
  }
}

const check = (message: IncomingMessage, to: SourceConnection, at = now) =>
  checkProof(calcomConnector, to, message, at);
const every: AuthMode[] = [
  "source_signature",
  "standard_webhooks",
  "shared_secret",
  "bearer",
  "url_token",
];
const signing: AuthMode[] = ["source_signature", "standard_webhooks"];
const body = fc.json().map((text) => Buffer.from(text));
/** Where to change a text, by how much. */
const spot = fc.record({ at: fc.nat(), xor: fc.integer({ min: 1, max: 255 }) });

function changedBytes(bytes: Buffer, { at, xor }: { at: number; xor: number }): Buffer {
  const changed = Buffer.from(bytes);
  const index = at % changed.length;
  changed[index] = (changed[index] ?? 0) ^ xor;
  return changed;
}
const changedText = (text: string, where: { at: number; xor: number }): string =>
  changedBytes(Buffer.from(text, "latin1"), where).toString("latin1");

/** Hex digits mean the same in either case, and so does the word Bearer (RFC 9110 §11.1). */
function meansTheSame(header: string, one: string, other: string): boolean {
  const isCaseOnly = one.toLowerCase() === other.toLowerCase();
  if (header === "x-cal-signature-256") return isCaseOnly;
  return header === "authorization" && isCaseOnly && one.slice(7) === other.slice(7);
}

/** Every message that differs from this one in a byte of one header or of its token. */
function* variants(message: IncomingMessage, where: { at: number; xor: number }) {
  for (const [name, value] of Object.entries(message.headers)) {
    const changed = changedText(value ?? "", where);
    if (meansTheSame(name, changed, value ?? "")) continue;
    yield { ...message, headers: { ...message.headers, [name]: changed } };
  }
  if (message.urlToken !== null) {
    yield { ...message, urlToken: changedText(message.urlToken, where) };
  }
}

describe.each(every)("%s", (mode) => {
  test("lets in what proves itself by it, also beside other modes", () => {
    fc.assert(
      fc.property(body, fc.subarray(every), (bytes, others) => {
        const modes = [...new Set([...others, mode])];
        expect(check(proven(mode, bytes), connection(modes))).toEqual({
          verdict: "valid",
          by: mode,
        });
      }),
    );
  });

  test("is not enough where it is none of the connection's modes", () => {
    const others = every.filter((other) => other !== mode);
    expect(check(proven(mode, Buffer.from("{}")), connection(others)).verdict).toBe("missing");
  });

  test("refuses a message with any single byte of its proof changed", () => {
    fc.assert(
      fc.property(body, spot, fc.constantFrom([mode], every), (bytes, where, modes) => {
        for (const message of variants(proven(mode, bytes), where)) {
          expect(check(message, connection(modes)).verdict).not.toBe("valid");
        }
      }),
      { numRuns: 300 },
    );
  });

  test.runIf(signing.includes(mode))("refuses one with any single byte of its body changed", () => {
    fc.assert(
      fc.property(body, spot, fc.constantFrom([mode], every), (bytes, where, modes) => {
        const message = { ...proven(mode, bytes), body: changedBytes(bytes, where) };
        expect(check(message, connection(modes)).verdict).toBe("invalid");
      }),
      { numRuns: 300 },
    );
  });

  test("takes the secret and the token before for as long as they count", () => {
    const until = new Date(now.getTime() + 1000);
    const rotated = connection([mode], {
      secret: randomBytes(32).toString("base64url"),
      previous: { secret, until },
      urlTokenHash: hashUrlToken("another"),
      previousUrlToken: { hash: hashUrlToken(token), until },
    });
    const message = proven(mode, Buffer.from("{}"));
    expect(check(message, rotated, new Date(until.getTime() - 1)).verdict).toBe("valid");
    expect(check(message, rotated, until).verdict).toBe("invalid");
  });

  test("is refused where there is no secret and no token, or an empty one", () => {
    const none = { urlTokenHash: null, previousUrlToken: null };
    for (const changes of [{ secret: null }, { secret: "" }]) {
      const to = connection([mode], { ...none, ...changes });
      expect(check(proven(mode, Buffer.from("{}")), to).verdict).not.toBe("valid");
    }
  });
});

test("Cal.com's word for no secret proves nothing, whatever the modes", () => {
  const headers = { "x-cal-signature-256": "no-secret-provided" };
  const message = { body: Buffer.from("{}"), headers, receivedAt: now, urlToken: null };
  expect(check(message, connection(["source_signature"])).verdict).toBe("missing");
  expect(check(message, connection(every)).verdict).toBe("missing");
});

describe("Standard Webhooks", () => {
  const bytes = Buffer.from('{"a":"ö"}');
  const signedBy = (key: Webhook, at = now, id = "msg_1"): IncomingMessage => ({
    body: bytes,
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": key.sign(id, at, bytes.toString()),
    },
    receivedAt: now,
    urlToken: null,
  });
  const verdict = (message: IncomingMessage, known = secret): string =>
    check(message, connection(["standard_webhooks"], { secret: known })).verdict;

  test("are fresh for five minutes in either direction", () => {
    for (const seconds of [-300, 0, 300]) {
      const at = new Date(now.getTime() + seconds * 1000);
      expect(verdict(signedBy(new Webhook(secret), at))).toBe("valid");
    }
    for (const seconds of [-301, 301, -86_400]) {
      const at = new Date(now.getTime() + seconds * 1000);
      expect(verdict(signedBy(new Webhook(secret), at))).toBe("invalid");
    }
  });

  test("may carry several signatures, of which one is enough", () => {
    const message = signedBy(new Webhook(secret));
    const good = message.headers["webhook-signature"] ?? "";
    const list = (text: string) => ({
      ...message,
      headers: { ...message.headers, "webhook-signature": text },
    });
    expect(verdict(list(`v1,AAAA v1a,xyz ${good}`))).toBe("valid");
    expect(verdict(list(good.replace("v1,", "v2,")))).toBe("invalid");
    expect(verdict(list(good.slice(3)))).toBe("invalid");
  });

  test("take a secret with its prefix, as base64 and as plain text", () => {
    const base64 = secret.slice("whsec_".length);
    expect(verdict(signedBy(new Webhook(secret)), base64)).toBe("valid");
    expect(verdict(signedBy(new Webhook("plain text!", { format: "raw" })), "plain text!")).toBe(
      "valid",
    );
  });

  test.each(["+", "0", " ", "1e"])("a timestamp written with %j is not the one signed", (extra) => {
    const message = signedBy(new Webhook(secret));
    const seconds = message.headers["webhook-timestamp"] ?? "";
    const headers = { ...message.headers, "webhook-timestamp": `${extra}${seconds}` };
    expect(verdict({ ...message, headers })).toBe("invalid");
  });

  test("with a body that is no UTF-8 prove nothing: two such could read the same", () => {
    const odd = Buffer.from([0x22, 0xff, 0x22]);
    const message = signedBy(new Webhook(secret));
    const signature = new Webhook(secret).sign("msg_1", now, odd.toString());
    const headers = { ...message.headers, "webhook-signature": signature };
    expect(verdict({ ...message, body: odd, headers })).toBe("invalid");
  });

  test("the test vector of the specification's own library holds", () => {
    const key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const at = new Date(1_614_265_330_000);
    const message = {
      body: Buffer.from('{"test": 2432232314}'),
      headers: {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      },
      receivedAt: at,
      urlToken: null,
    };
    expect(check(message, connection(["standard_webhooks"], { secret: key }), at).verdict).toBe(
      "valid",
    );
  });
});
