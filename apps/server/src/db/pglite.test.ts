import { expect, test } from "vitest";
import { openPGlite } from "./pglite.ts";

test("a loop of statements keeps neither sockets nor timers waiting", async () => {
  const db = await openPGlite("memory");
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  for (let count = 0; count < 200; count += 1) await db.query("SELECT 1");
  const heard = ticks;
  clearInterval(timer);
  expect(heard).toBeGreaterThan(0);
  await db.close();
});
