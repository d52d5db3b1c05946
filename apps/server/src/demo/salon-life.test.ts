import { describe, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { DeliveryFaults } from "./delivery-faults.ts";
import { SalonLife } from "./salon-life.ts";
import { seededRandom } from "./seeded-random.ts";
import { SimulatedCalcom, type SimulatedMessage } from "./simulated-calcom.ts";
import { usualSettings } from "./usual-settings.ts";
import type { Visit } from "./visit.ts";
import { salonDate } from "./working-day.ts";

const MINUTE = 60_000;
const NOON = "2026-03-10T11:00:00Z";

function open(seed: number, start = NOON) {
  const clock = new ManualClock(start);
  const random = seededRandom(seed);
  const calcom = new SimulatedCalcom({ secret: "s", clock, random });
  return { clock, random, calcom, life: new SalonLife({ calcom, clock, random }) };
}

const onDay = (visits: readonly Visit[], date: string): Visit[] =>
  visits.filter(({ startsAt }) => salonDate(new Date(startsAt)) === date);

describe("the demo's salon", () => {
  test("begins with a day as it stands at this hour", () => {
    const { calcom, life } = open(1);
    const messages = life.fillDays();
    const today = onDay(calcom.visits, "2026-03-10");
    expect(today.length).toBeGreaterThanOrEqual(11);
    expect(onDay(calcom.visits, "2026-03-11").length).toBeGreaterThanOrEqual(4);
    for (const { status, startsAt, endsAt } of today) {
      if (endsAt <= NOON) expect(["completed", "no_show"]).toContain(status);
      else if (startsAt <= NOON) expect(status).toBe("in_progress");
      else expect(["confirmed", "pending", "cancelled"]).toContain(status);
    }
    const triggers = new Set(messages.map(({ trigger }) => trigger));
    expect([...triggers]).toEqual(expect.arrayContaining(["BOOKING_CREATED", "MEETING_ENDED"]));
  });

  test("adds nothing to a day that is full already", () => {
    const { life } = open(2);
    life.fillDays();
    expect(life.fillDays()).toEqual([]);
  });

  test("lets nobody be in two places at once", () => {
    const { clock, calcom, life } = open(3);
    life.fillDays();
    for (let act = 0; act < 500; act += 1) {
      clock.advance(MINUTE);
      life.next();
    }
    const taken = calcom.visits.filter(({ status }) => !["cancelled", "rejected"].includes(status));
    for (const one of taken) {
      const others = taken.filter((other) => other !== one && other.groomer === one.groomer);
      for (const other of others) {
        expect(one.startsAt >= other.endsAt || other.startsAt >= one.endsAt).toBe(true);
      }
    }
  });

  test("falls silent when every day has had its fill, however long it runs", () => {
    const { calcom, life } = open(4);
    life.fillDays();
    let acts = 0;
    while (life.next().length > 0) acts += 1;
    expect(acts).toBeGreaterThan(100);
    const days = Map.groupBy(calcom.visits, ({ startsAt }) => salonDate(new Date(startsAt)));
    expect(days.size).toBeLessThanOrEqual(7);
    expect(calcom.visits.length).toBeLessThanOrEqual(7 * 24);
  });

  test("has room for much in a rush, and nobody waits for it", () => {
    const { calcom, life } = open(4);
    life.fillDays();
    let happened = 0;
    while (happened < 2_000) {
      const messages = life.next(true);
      expect(messages.length).toBeGreaterThan(0);
      happened += messages.length;
    }
    const days = Map.groupBy(calcom.visits, ({ startsAt }) => salonDate(new Date(startsAt)));
    expect(Math.max(...[...days.values()].map((own) => own.length))).toBeLessThanOrEqual(30);
    expect(days.size).toBeGreaterThan(14);
  });

  test("does the same from the same seed", () => {
    const bodies = (): string[] => {
      const { life } = open(5);
      const messages = [...life.fillDays(), ...life.next(), ...life.next()];
      return messages.map(({ body }) => body.toString("utf8"));
    };
    expect(bodies()).toEqual(bodies());
  });
});

describe("faults on the way", () => {
  test("repeat and reorder messages, and lose none", () => {
    const { clock, random, calcom, life } = open(6);
    const faults = new DeliveryFaults({
      random,
      settings: () => usualSettings,
      copyOf: (message) => calcom.copyOf(message),
      now: () => clock.now().getTime(),
    });
    const happened: SimulatedMessage[] = [];
    const sent: SimulatedMessage[] = [];
    for (let act = 0; act < 400; act += 1) {
      clock.advance(MINUTE);
      const messages = life.next();
      happened.push(...messages);
      sent.push(...faults.apply(messages));
    }
    sent.push(...faults.rest());
    for (const message of happened) expect(sent).toContain(message);
    expect(sent.length).toBeGreaterThan(new Set(sent).size);
    const order = happened.map((message) => sent.indexOf(message));
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
  });
});
