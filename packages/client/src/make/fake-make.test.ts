import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeMake, startFakeMake } from "../../test/fake-make.ts";

let make: FakeMake;
beforeEach(async () => {
  make = await startFakeMake();
  return () => make.close();
});

const json = { "content-type": "application/json" };
async function post(body: string, headers: Record<string, string> = json): Promise<string> {
  const response = await fetch(make.url, { method: "POST", headers, body });
  return `${response.status} ${await response.text()}`;
}

/* What docs of Make.com say of custom webhooks, and what was measured at them. */
describe("the fake of Make.com", () => {
  test("answers 200 and Accepted, as text, for what it has queued", async () => {
    const response = await fetch(make.url, { method: "POST", headers: json, body: '{"a":1}' });
    expect([response.status, await response.text()]).toEqual([200, "Accepted"]);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(response.headers.get("x-powered-by")).toBe("Make Gateway/production");
    expect(make.queue).toMatchObject([{ fields: { a: 1 } }]);
  });

  test("takes and queues while the scenario is switched off", async () => {
    make.isScenarioOn = false;
    expect(await post("{}")).toBe("200 Accepted");
  });

  test("says that the queue is full with the status of what is malformed", async () => {
    make.capacity = 1;
    await post("{}");
    expect(await post("{}")).toBe("400 Queue is full");
    make.capacity = 2;
    make.requiredFields = ["event_id"];
    expect(await post("{}")).toMatch(/^400 (?!Queue is full)/);
  });

  test("takes 300 requests in ten seconds", async () => {
    let now = 0;
    make.now = () => now;
    for (let count = 0; count < 300; count += 1) await post("{}");
    expect(await post("{}")).toBe("429 Too many requests");
    now = 10_001;
    expect(await post("{}")).toBe("200 Accepted");
  });

  test("is gone when it was deleted", async () => {
    make.remove();
    expect(await post("{}")).toBe("410 Webhook not found.");
  });

  test("asks for one of its keys, where it has any", async () => {
    make.apiKeys = ["old", "new"];
    expect(await post("{}")).toMatch(/^401/);
    expect(await post("{}", { ...json, "x-make-apikey": "new" })).toBe("200 Accepted");
  });

  test("gives the scenario a body of text as one field", async () => {
    await post('{"a":1}', { "content-type": "text/plain" });
    expect(make.queue[0]?.fields).toEqual({ value: '{"a":1}' });
  });

  test("takes no more than 5 MB", async () => {
    expect(await post(JSON.stringify({ a: "x".repeat(5 * 1024 * 1024) }))).toMatch(/^413/);
  });
});

afterEach(() => expect(make.queue.length).toBeLessThanOrEqual(make.capacity));
