import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { verifyWebhook, WebhookVerificationError } from "./verify-webhook.ts";

const secret = `whsec_${Buffer.from("24 bytes or more, please").toString("base64")}`;
const otherSecret = `whsec_${Buffer.from("another one of 24 bytes!").toString("base64")}`;
const body = '{"type":"booking.created","data":{"description":"Žofia 🐕"}}';
const sentAt = new Date("2026-03-10T10:00:00.000Z");

function headers(signedWith: string, content = body, at = sentAt): Record<string, string> {
  return {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(at.getTime() / 1000),
    "webhook-signature": new Webhook(signedWith).sign("msg_1", at, content),
  };
}

test("accepts what the reference implementation signed, as text and as bytes", async () => {
  const expected = JSON.parse(body) as unknown;
  expect(await verifyWebhook(secret, headers(secret), body, sentAt)).toEqual(expected);
  const bytes = new TextEncoder().encode(body);
  expect(await verifyWebhook(secret, headers(secret), bytes, sentAt)).toEqual(expected);
  const ofFetch = new Headers(headers(secret));
  expect(await verifyWebhook(secret, ofFetch, body, sentAt)).toEqual(expected);
});

test("accepts one good signature among those of an old secret and of other versions", async () => {
  const old = headers(otherSecret)["webhook-signature"] ?? "";
  const good = headers(secret);
  const list = `${old} v1a,c29tZXRoaW5n v1,!!! ${good["webhook-signature"]}`;
  await verifyWebhook(secret, { ...good, "webhook-signature": list }, body, sentAt);
});

test.each<[string, Record<string, string>, string]>([
  ["another secret", headers(otherSecret), body],
  ["a changed body", headers(secret), body.replace("created", "deleted")],
  ["a changed id", { ...headers(secret), "webhook-id": "msg_2" }, body],
  ["a changed time", { ...headers(secret), "webhook-timestamp": "1773136801" }, body],
  ["a time that is none", { ...headers(secret), "webhook-timestamp": "soon" }, body],
  ["no signature", { ...headers(secret), "webhook-signature": "" }, body],
  ["no id", { ...headers(secret), "webhook-id": "" }, body],
])("refuses %s", async (_name, given, content) => {
  await expect(verifyWebhook(secret, given, content, sentAt)).rejects.toThrow(
    WebhookVerificationError,
  );
});

test.each([-301, 301])("refuses what is %i seconds off", async (seconds) => {
  const at = new Date(sentAt.getTime() + seconds * 1000);
  await expect(verifyWebhook(secret, headers(secret), body, at)).rejects.toThrow("timestamp");
});

test("tells a wrong secret from a wrong message", async () => {
  await expect(verifyWebhook("whsec_", headers(secret), body, sentAt)).rejects.toThrow(TypeError);
});
