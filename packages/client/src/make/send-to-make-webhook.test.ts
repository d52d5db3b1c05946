import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type FakeMake, startFakeMake } from "../../test/fake-make.ts";
import type { MakeWebhookConfig } from "./make-config.ts";
import { getWebhookStats, resetMakeWebhookStats } from "./make-statistics.ts";
import { sendBatchToMakeWebhook } from "./send-batch-to-make-webhook.ts";
import { sendToMakeWebhook, sendToMakeWebhookWithRetry } from "./send-to-make-webhook.ts";
import { testMakeWebhook } from "./test-make-webhook.ts";

let make: FakeMake;
let waits: number[];
beforeEach(async () => {
  make = await startFakeMake();
  waits = [];
  resetMakeWebhookStats();
  vi.stubEnv("MAKE_WEBHOOK_URL", make.url);
  vi.stubEnv("MAKE_WEBHOOK_SECRET", "a key of the tests");
  vi.stubEnv("NEXT_PUBLIC_APP_URL", "https://app.example");
  return () => {
    vi.unstubAllEnvs();
    return make.close();
  };
});

/** Waits are noted and end at once. */
const quick = (config: MakeWebhookConfig = {}): MakeWebhookConfig => ({
  pause: (milliseconds) => {
    waits.push(Math.floor(milliseconds / 1000));
    return Promise.resolve();
  },
  ...config,
});

/** What has no end is none of its waits. */
const finitePause = (milliseconds: number): Promise<void> =>
  milliseconds < 1e9 ? Promise.resolve() : new Promise(() => {});

const bookingEvent = {
  id: "0199aa00-0000-7000-8000-000000000001",
  booking_id: "0199aa00-0000-7000-8000-000000000002",
  event_type: "cancelled",
  description: "Booking #1001 was cancelled",
  created_at: "2026-03-01T08:00:00.000Z",
};
const bookingDetails = {
  id: bookingEvent.booking_id,
  booking_number: "1001",
  client_id: "c-1",
  provider_id: "p-1",
  status: "cancelled",
  total_price: 120.5,
};
const clientInfo = { id: "c-1", name: "Jan Kowalski", email: "jan@example.com" };
const providerInfo = { id: "p-1", name: "Maja", email: "maja@example.com", company_name: "Salon" };

describe("an event", () => {
  test("arrives with its context, key and signature", async () => {
    const result = await sendToMakeWebhookWithRetry(bookingEvent, {
      booking_details: bookingDetails,
      client_info: clientInfo,
      provider_info: providerInfo,
    });
    expect(result).toEqual({ success: true, error: null, attempts: 1 });
    const [bundle] = make.queue;
    expect(bundle?.fields).toEqual({
      event_id: bookingEvent.id,
      event_type: "cancelled",
      event_time: bookingEvent.created_at,
      source: "contract-management-system",
      booking_event: bookingEvent,
      booking_details: bookingDetails,
      client_info: clientInfo,
      provider_info: providerInfo,
      system: {
        environment: "test",
        timestamp: expect.stringMatching(/Z$/),
        app_url: "https://app.example",
      },
    });
    expect(bundle?.headers).toMatchObject({
      "content-type": "application/json",
      "x-make-apikey": "a key of the tests",
      "webhook-id": `msg_${bookingEvent.id}`,
    });
    const key = Buffer.from("a key of the tests").toString("base64");
    expect(() => new Webhook(key).verify(bundle?.body ?? "", { ...bundle?.headers })).not.toThrow();
  });

  test("is signed with a secret of Standard Webhooks, where there is one", async () => {
    const signingSecret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
    await sendToMakeWebhook(bookingEvent, {}, { signingSecret, secret: null });
    const [bundle] = make.queue;
    expect(bundle?.headers["x-make-apikey"]).toBeUndefined();
    expect(() =>
      new Webhook(signingSecret).verify(bundle?.body ?? "", { ...bundle?.headers }),
    ).not.toThrow();
  });

  test("says nothing of who caused it, unless it is told to", async () => {
    await sendToMakeWebhook({ event_type: "created" });
    await sendToMakeWebhook(
      { event_type: "created" },
      { request: { user_agent: "Firefox", ip_address: "192.0.2.1" } },
    );
    expect(make.queue[0]?.fields["system"]).not.toHaveProperty("ip_address");
    expect(make.queue[1]?.fields["system"]).toMatchObject({
      user_agent: "Firefox",
      ip_address: "192.0.2.1",
    });
    expect(make.queue[0]?.fields["event_id"]).toEqual(expect.any(String));
  });

  test("is tried again with growing waits, the same bytes under the same id", async () => {
    make.troubles.push(500, 503, 502);
    const seen: string[] = [];
    const result = await sendToMakeWebhookWithRetry(
      bookingEvent,
      {},
      quick({
        fetch: (url, request) => {
          seen.push(
            JSON.stringify(request?.body),
            new Headers(request?.headers).get("webhook-id") ?? "",
          );
          return fetch(url, request);
        },
      }),
    );
    expect(result).toEqual({ success: true, error: null, attempts: 4 });
    expect(waits).toEqual([1, 2, 4]);
    expect(new Set(seen).size).toBe(2);
  });

  test("fails after as many tries as were asked for", async () => {
    make.troubles.push(500, 500, 500);
    const config = quick({ maxAttempts: 2 });
    expect(await sendToMakeWebhookWithRetry(bookingEvent, {}, config)).toEqual({
      success: false,
      error: "Make.com answered with status 500: Scenario failed to initialize",
      attempts: 2,
    });
    expect(await sendToMakeWebhook(bookingEvent, {}, config)).toMatchObject({ success: false });
    expect(make.requests()).toBe(3);
  });

  test("is tried the usual number of times where that number is none", async () => {
    make.troubles.push(...Array.from({ length: 9 }, () => 503));
    const result = await sendToMakeWebhookWithRetry(
      bookingEvent,
      {},
      quick({ maxAttempts: Number.NaN }),
    );
    expect(result).toMatchObject({ success: false, attempts: 4 });
  });

  test("waits for a full queue, and gives up on a body of the wrong form", async () => {
    make.capacity = 0;
    expect(
      await sendToMakeWebhookWithRetry(bookingEvent, {}, quick({ maxAttempts: 3 })),
    ).toMatchObject({ error: expect.stringContaining("queue is full"), attempts: 3 });
    make.capacity = 10;
    make.requiredFields = ["salon"];
    expect(await sendToMakeWebhookWithRetry(bookingEvent, {}, quick())).toMatchObject({
      error: expect.stringContaining("'salon'"),
      attempts: 1,
    });
  });

  test("leaves Make.com alone for its ten seconds when there were too many requests", async () => {
    let now = 0;
    make.now = () => now;
    for (let count = 0; count < 300; count += 1) await fetch(make.url, { method: "POST" });
    make.queue.length = 0;
    const config = quick();
    const result = await sendToMakeWebhookWithRetry(
      bookingEvent,
      {},
      {
        ...config,
        pause: (milliseconds, signal) => {
          now += milliseconds;
          return config.pause?.(milliseconds, signal) ?? Promise.resolve();
        },
      },
    );
    expect(result).toMatchObject({ success: true, attempts: 2 });
    expect(waits[0]).toBeGreaterThanOrEqual(10);
  });

  test("is not tried again where the webhook is gone or the key is refused", async () => {
    make.apiKeys = ["another"];
    expect(await sendToMakeWebhookWithRetry(bookingEvent, {}, quick())).toMatchObject({
      error: expect.stringContaining("MAKE_WEBHOOK_SECRET"),
      attempts: 1,
    });
    make.remove();
    expect(await sendToMakeWebhookWithRetry(bookingEvent, {}, quick())).toMatchObject({
      error: expect.stringContaining("gone"),
      attempts: 1,
    });
  });

  test("fails in words where nobody answers, or no address is set", async () => {
    await make.close();
    expect(await sendToMakeWebhook(bookingEvent)).toMatchObject({
      error: expect.stringMatching(/^Make\.com did not answer: /),
    });
    vi.stubEnv("MAKE_WEBHOOK_URL", "");
    expect(await sendToMakeWebhook(bookingEvent)).toEqual({
      success: false,
      error: "MAKE_WEBHOOK_URL is not set.",
    });
  });

  test("is not sent with a key that cannot be", async () => {
    for (const config of [{ secret: "zażółć" }, { signingSecret: "whsec_?" }]) {
      expect(await sendToMakeWebhookWithRetry(bookingEvent, {}, quick(config))).toMatchObject({
        error: expect.stringContaining("validateMakeWebhookConfig"),
        attempts: 0,
      });
    }
    expect(make.requests()).toBe(0);
  });

  test("that is larger than Make.com takes is not sent", async () => {
    const event = { event_type: "created", description: "x".repeat(5 * 1024 * 1024) };
    expect(await sendToMakeWebhook(event)).toMatchObject({
      error: expect.stringContaining("5 MB"),
    });
    expect(make.requests()).toBe(0);
  });

  test("is given up at once when sending is stopped", async () => {
    make.troubles.push(500, 500);
    const stop = new AbortController();
    const sent = sendToMakeWebhookWithRetry(
      bookingEvent,
      {},
      {
        signal: stop.signal,
        pause: () => {
          stop.abort();
          return Promise.resolve();
        },
      },
    );
    expect(await sent).toMatchObject({ success: false, error: "Sending was stopped." });
  });
});

describe("a batch", () => {
  const events = Array.from({ length: 12 }, (_, index) => ({
    event_type: "updated",
    booking_id: `b-${index % 3}`,
    id: String(index),
  }));

  test("arrives whole, each booking's events in their order", async () => {
    make.troubles.push(500, 500, 500);
    const result = await sendBatchToMakeWebhook(events, quick());
    expect(result).toMatchObject({ success: true, sent: 12, failed: 0 });
    for (const booking of ["b-0", "b-1", "b-2"]) {
      const ids = make.queue
        .map(({ fields }) => fields["booking_event"] as (typeof events)[number])
        .filter((event) => event.booking_id === booking)
        .map(({ id }) => Number(id));
      expect(ids).toEqual(ids.toSorted((one, other) => one - other));
      expect(ids).toHaveLength(4);
    }
  });

  test("stops where the webhook is gone, and tells of each event", async () => {
    make.remove();
    const result = await sendBatchToMakeWebhook(
      events.map((event) => ({ event, data: { client_info: clientInfo } })),
      quick({ concurrency: 1 }),
    );
    expect(result).toMatchObject({ success: false, sent: 0, failed: 12 });
    expect(result.results.map(({ attempts }) => attempts)).toEqual([1, ...Array(11).fill(0)]);
    expect(make.requests()).toBe(1);
  });

  test("begins no faster than Make.com takes it", async () => {
    const paces: number[] = [];
    await sendBatchToMakeWebhook(events, {
      pause: (milliseconds) => {
        paces.push(milliseconds);
        return Promise.resolve();
      },
    });
    expect(paces).toEqual(Array(12).fill(40));
  });

  test.each([Number.NaN, 0, -1, 0.5, Infinity])(
    "arrives where its numbers are all %d",
    async (number) => {
      const numbers = {
        concurrency: number,
        ratePerSecond: number,
        retryDelay: number,
        timeout: Infinity,
      };
      make.troubles.push(503);
      const result = await sendBatchToMakeWebhook(events, { ...numbers, pause: finitePause });
      expect(result).toMatchObject({ success: true, sent: 12 });
      expect(make.queue).toHaveLength(12);
    },
  );

  test("of nothing is done", async () => {
    expect(await sendBatchToMakeWebhook([])).toEqual({
      success: true,
      sent: 0,
      failed: 0,
      results: [],
    });
  });
});

describe("a trial", () => {
  test("says how long the answer took, and can be told from an event", async () => {
    const result = await testMakeWebhook();
    expect(result).toEqual({ success: true, responseTime: expect.any(Number), error: null });
    expect(make.queue[0]?.fields).toMatchObject({
      event_type: "test",
      system: { environment: "test" },
    });
    expect(getWebhookStats().totalSent).toBe(0);
  });

  test("says why it failed", async () => {
    make.remove();
    expect(await testMakeWebhook()).toMatchObject({
      success: false,
      responseTime: expect.any(Number),
      error: expect.stringContaining("gone"),
    });
    vi.stubEnv("MAKE_WEBHOOK_URL", "");
    expect(await testMakeWebhook()).toMatchObject({ success: false, responseTime: null });
  });
});

describe("what is no event", () => {
  const circular: Record<string, unknown> = { event_type: "cancelled" };
  circular["self"] = circular;
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ["undefined", undefined, /There is no event/],
    ["null", null, /There is no event/],
    ["a text", "x", /has to be an object, not a string/],
    ["a list", [bookingEvent], /has to be an object, not a list/],
    ["an empty object", {}, /no event_type/],
    ["an event without a type", { id: "1", event_type: " " }, /no event_type/],
    ["an event with a BigInt", { event_type: "cancelled", id: 1n }, /BigInt/],
    ["an event that holds itself", circular, /circular/],
  ];

  test.each(cases)("is refused with words and sent nowhere: %s", async (_, event, words) => {
    const wrong = event as typeof bookingEvent;
    const error: unknown = expect.stringMatching(words);
    expect(await sendToMakeWebhook(wrong)).toEqual({ success: false, error });
    expect(await sendToMakeWebhookWithRetry(wrong, {}, quick())).toEqual({
      success: false,
      error,
      attempts: 0,
    });
    expect(await sendBatchToMakeWebhook([wrong, bookingEvent], quick())).toMatchObject({
      sent: 1,
      failed: 1,
      results: [{ success: false, error }, { success: true }],
    });
    expect(make.queue).toHaveLength(1);
  });

  test("is a batch that is no list", async () => {
    const results = [{ success: false, error: "The events have to be a list.", attempts: 0 }];
    const batch = undefined as unknown as [];
    expect(await sendBatchToMakeWebhook(batch)).toMatchObject({ success: false, results });
  });

  test("is not what comes with null beside it", async () => {
    const nothing = null as unknown as undefined;
    expect(await sendToMakeWebhook(bookingEvent, nothing, nothing)).toEqual({
      success: true,
      error: null,
    });
  });
});

describe("the figures", () => {
  test("of nothing are null, and no division by zero", () => {
    expect(getWebhookStats()).toEqual({
      totalSent: 0,
      successfulSent: 0,
      failedSent: 0,
      pending: 0,
      averageResponseTime: null,
      successRate: null,
      lastSentAt: null,
      lastError: null,
      source: "process",
    });
  });

  test("leave out what could not be sent at all", async () => {
    await sendToMakeWebhook(null as unknown as typeof bookingEvent);
    await sendToMakeWebhook({ ...bookingEvent, note: "x".repeat(5 * 1024 * 1024) });
    await sendToMakeWebhook(bookingEvent, {}, { secret: "two\nlines" });
    const stopped = { signal: AbortSignal.abort() };
    expect(await sendToMakeWebhookWithRetry(bookingEvent, {}, stopped)).toMatchObject({
      success: false,
      attempts: 0,
    });
    vi.stubEnv("MAKE_WEBHOOK_URL", "");
    expect(await sendBatchToMakeWebhook([bookingEvent])).toMatchObject({ failed: 1 });
    expect(getWebhookStats()).toMatchObject({
      totalSent: 0,
      failedSent: 0,
      pending: 0,
      successRate: null,
      lastSentAt: null,
      lastError: null,
    });
    vi.unstubAllEnvs();
  });

  test("count an event once, however often it was tried", async () => {
    make.troubles.push(500, 500);
    await sendToMakeWebhookWithRetry(bookingEvent, {}, quick());
    await sendToMakeWebhook(bookingEvent);
    await sendToMakeWebhook(bookingEvent);
    make.remove();
    await sendToMakeWebhook(bookingEvent);
    const stats = getWebhookStats();
    expect(stats).toMatchObject({
      totalSent: 4,
      successfulSent: 3,
      failedSent: 1,
      pending: 0,
      successRate: 75,
      lastError: expect.stringContaining("gone"),
    });
    expect(stats.averageResponseTime).toBeGreaterThan(0);
    expect((stats.successfulSent / stats.totalSent) * 100).toBe(stats.successRate);
  });
});
