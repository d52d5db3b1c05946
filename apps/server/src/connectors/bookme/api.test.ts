import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SourceApi } from "../connector.ts";
import { openApi } from "./api.ts";

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

const booking = {
  bookingId: "b-1",
  eventType: "workshop",
  name: "Test Person",
  email: "test@example.com",
  scheduledDate: "2026-02-15T10:00:00Z",
  duration: 120,
  source: "bookme",
};

let site: Server;
let asked: Asked[] = [];
let answer: { status: number; body: string } = { status: 200, body: "" };
let api: SourceApi;

beforeAll(async () => {
  site = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { method = "", url: path = "", headers } = request;
      asked.push({ method, path, headers, body: text === "" ? null : JSON.parse(text) });
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const baseUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  api = openApi({ baseUrl, key: "a key", fetch, timeZone: "Europe/Stockholm", settings: {} });
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  site.closeAllConnections();
  await new Promise((resolve) => site.close(resolve));
});

function answers(status: number, body: unknown): void {
  answer = { status, body: body === undefined ? "" : JSON.stringify(body) };
}

describe("a booking by its id", () => {
  test.each([
    ["as it is", booking],
    ["under `booking`", { booking }],
    ["with `id` instead of `bookingId`", { ...booking, bookingId: undefined, id: "b-1" }],
  ])("is read %s", async (_form, body) => {
    answers(200, body);
    expect(await api.getBooking("b-1")).toMatchObject({
      label: "workshop - Test Person",
      change: { kind: "created", status: "confirmed", refs: { uid: "b-1" } },
    });
    expect(asked).toMatchObject([
      { method: "GET", path: "/api/bookings/b-1", headers: { authorization: "Bearer a key" } },
    ]);
  });

  test.each([
    ["cancelled", "cancelled"],
    ["no_show", "no_show"],
    ["completed", "completed"],
  ])("that is %s leads there", async (status, kind) => {
    answers(200, { ...booking, status });
    expect(await api.getBooking("b-1")).toMatchObject({ change: { kind, status } });
  });

  test("is null when the site knows none, and the id cannot leave its place", async () => {
    answers(404, { error: "not found" });
    expect(await api.getBooking("../b 1?x")).toBeNull();
    expect(asked[0]?.path).toBe("/api/bookings/..%2Fb%201%3Fx");
  });

  test.each([
    [401, {}, "unauthorised"],
    [500, {}, "unavailable"],
    [200, { ...booking, status: "on the moon" }, "unavailable"],
    [200, { ...booking, duration: -1 }, "unavailable"],
    [200, [], "unavailable"],
  ])("is an error after an answer of %s %j", async (status, body, problem) => {
    answers(status, body);
    await expect(api.getBooking("b-1")).rejects.toMatchObject({ problem });
  });
});

describe("a command", () => {
  const command = { uid: "b-1", idempotencyKey: "key-1", reason: null };

  test("of a reschedule is a PATCH of time and duration", async () => {
    answers(200, { booking: { ...booking, scheduledDate: "2026-02-16T10:00:00Z" } });
    const receipt = await api.execute?.({
      ...command,
      kind: "reschedule",
      startsAt: "2026-02-16T10:00:00.000Z",
      endsAt: "2026-02-16T11:30:00.000Z",
    });
    expect(asked).toMatchObject([
      {
        method: "PATCH",
        path: "/api/bookings/b-1",
        headers: { "idempotency-key": "key-1" },
        body: { scheduledDate: "2026-02-16T10:00:00.000Z", duration: 90 },
      },
    ]);
    expect(receipt).toMatchObject({
      uid: null,
      booking: { change: { fields: { startsAt: "2026-02-16T10:00:00.000Z" } } },
    });
  });

  test("of a cancellation is a PATCH of the state; an empty answer will do", async () => {
    answers(200, undefined);
    const receipt = await api.execute?.({ ...command, kind: "cancel", reason: "ill" });
    expect(asked).toMatchObject([{ body: { status: "cancelled", reason: "ill" } }]);
    expect(receipt).toEqual({ uid: null, booking: null });
  });

  test("that the site refuses brings its reason", async () => {
    answers(409, { error: "The time is taken" });
    await expect(api.execute?.({ ...command, kind: "cancel" })).rejects.toMatchObject({
      problem: "refused",
      message: "The time is taken",
    });
  });

  test("that the site has no words for is refused without a call", async () => {
    await expect(api.execute?.({ ...command, kind: "confirm" })).rejects.toMatchObject({
      problem: "refused",
    });
    expect(asked).toEqual([]);
  });
});
