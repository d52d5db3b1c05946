import { expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import type { StreamHolder } from "../live/open-streams.ts";
import { StreamOpenings } from "./stream-openings.ts";

const shop: StreamHolder = { kind: "api_key", id: "shop" };
const visitor = (id: string): StreamHolder => ({ kind: "stream_token", id });

test("a visitor who is refused again and again uses nothing up of what the others share", () => {
  const clock = new ManualClock("2026-03-02T12:00:00Z");
  const openings = new StreamOpenings(clock);
  const open = (id: string): void => openings.take(visitor(id), shop);
  const refused = expect.objectContaining({ code: "E_RATE_LIMITED" }) as Error;
  for (let times = 0; times < 60; times += 1) open("hasty");
  for (let times = 0; times < 6000; times += 1) expect(() => open("hasty")).toThrow(refused);
  open("patient");
  clock.advance(200);
  open("hasty");
  expect(() => open("hasty")).toThrow(refused);
});

test("all visitors together open no more often than the key that their tokens are of", () => {
  const openings = new StreamOpenings(new ManualClock("2026-03-02T12:00:00Z"));
  for (let times = 0; times < 5000; times += 1) openings.take(visitor(`${times}`), shop);
  expect(() => openings.take(visitor("late"), shop)).toThrow();
  openings.take(visitor("late"), { ...shop, id: "another" });
});
