import { expect, test, vi } from "vitest";
import { createLocalWake } from "./local-wake.ts";

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("listeners run after the signaller, once for all signals until then", async () => {
  const wake = createLocalWake(0);
  const heard: string[] = [];
  wake.on("events", () => heard.push("events"));
  wake.on("deliveries", () => heard.push("deliveries"));
  wake.signal("events");
  wake.signal("events");
  wake.signal("deliveries");
  expect(heard).toEqual([]);
  await microtasks();
  expect(heard).toEqual(["events", "deliveries"]);
  wake.signal("events");
  await microtasks();
  expect(heard).toEqual(["events", "deliveries", "events"]);
  await wake.close();
});

test("a signal that a listener gives is heard again", async () => {
  const wake = createLocalWake(0);
  let heard = 0;
  wake.on("messages", () => {
    heard += 1;
    if (heard < 3) wake.signal("messages");
  });
  wake.signal("messages");
  await microtasks();
  expect(heard).toBe(3);
  await wake.close();
});

test("nobody hears anything after leaving or after the wake was closed", async () => {
  const wake = createLocalWake(0);
  const heard: string[] = [];
  const leave = wake.on("events", () => heard.push("left"));
  wake.on("events", () => heard.push("stayed"));
  leave();
  wake.signal("events");
  await microtasks();
  expect(heard).toEqual(["stayed"]);
  wake.signal("events");
  await wake.close();
  await microtasks();
  expect(heard).toEqual(["stayed"]);
});

test("the first signal wakes at once, those soon after it together", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const wake = createLocalWake(10);
    let heard = 0;
    wake.on("events", () => {
      heard += 1;
    });
    wake.signal("events");
    await microtasks();
    expect(heard).toBe(1);
    wake.signal("events");
    wake.signal("events");
    await microtasks();
    vi.advanceTimersByTime(9);
    await microtasks();
    expect(heard).toBe(1);
    vi.advanceTimersByTime(1);
    await microtasks();
    expect(heard).toBe(2);
    vi.advanceTimersByTime(10);
    wake.signal("events");
    await microtasks();
    expect(heard).toBe(3);
    await wake.close();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
