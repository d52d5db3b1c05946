import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeSourceApi, startFakeSourceApi } from "../../../test/fake-source-api.ts";
import type { SourceApi } from "../connector.ts";
import { acuityApi } from "./api.ts";
import { acuityAppointment } from "./fixtures.ts";

let fake: FakeSourceApi;
beforeAll(async () => {
  const now = () => new Date("2026-01-04T08:00:00.000Z");
  fake = await startFakeSourceApi(() => ({ body: acuityAppointment() }), now);
});
afterAll(() => fake.close());

function open(settings: Record<string, unknown>): SourceApi {
  return acuityApi.open({ baseUrl: fake.url, key: "a-key", fetch, timeZone: "UTC", settings });
}

test("an appointment is asked for by Basic authentication", async () => {
  const reported = await open({ user_id: "11145481", currency: "PLN" }).getBooking("54321");
  expect(reported).toMatchObject({
    change: { refs: { uid: "54321" }, fields: { priceMinor: 12_000, currency: "PLN" } },
  });
  expect(Date.parse(reported?.asOf ?? "")).toBeLessThanOrEqual(Date.parse("2026-01-04T08:00:00Z"));
  expect(fake.requests.at(-1)).toMatchObject({
    path: "/api/v1/appointments/54321",
    headers: { authorization: `Basic ${Buffer.from("11145481:a-key").toString("base64")}` },
  });
});

test("without the user ID nothing is asked, and the reason says what is missing", async () => {
  const before = fake.requests.length;
  await expect(open({}).getBooking("54321")).rejects.toMatchObject({
    problem: "unauthorised",
    message: expect.stringContaining("user ID") as string,
  });
  expect(fake.requests).toHaveLength(before);
});

test("an unknown appointment is none, and a wrong key says why", async () => {
  const api = open({ user_id: "1" });
  fake.reply = () => ({ status: 404, body: { message: "The appointment does not exist." } });
  expect(await api.getBooking("1")).toBeNull();
  fake.reply = () => ({ status: 401, body: { message: "Unauthorized" } });
  await expect(api.getBooking("1")).rejects.toMatchObject({
    problem: "unauthorised",
    message: "Unauthorized",
  });
  fake.reply = () => ({ status: 429, headers: { "retry-after": "30" } });
  await expect(api.getBooking("1")).rejects.toMatchObject({
    problem: "rate_limited",
    retryAfterSeconds: 30,
  });
  fake.reply = () => ({ body: { error: "no" } });
  await expect(api.getBooking("1")).rejects.toMatchObject({ problem: "unavailable" });
});
