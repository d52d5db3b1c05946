import { expect, test } from "vitest";
import { createLocalWake } from "./local-wake.ts";

const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("listeners run after the signaller, once for all signals until then", async () => {
  const wake = createLocalWake();
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
  const wake = createLocalWake();
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
  const wake = createLocalWake();
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
