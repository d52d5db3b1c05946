import type { DemoSettings } from "@slotwire/contract";
import { describe, expect, test } from "vitest";
import { DeliveryFaults } from "./delivery-faults.ts";
import { seededRandom } from "./seeded-random.ts";
import type { SimulatedMessage } from "./simulated-calcom.ts";

const calm: DemoSettings = {
  per_minute: 60,
  duplicate_percent: 0,
  delay_percent: 0,
  delay_seconds: 10,
  reorder_percent: 0,
  fail_percent: 0,
};

const message = (no: number): SimulatedMessage => ({
  trigger: "BOOKING_CREATED",
  uid: `u${no}`,
  icalUid: `v${no}`,
  body: Buffer.from(`${no}`),
  headers: {},
});
const messages = Array.from({ length: 200 }, (_, no) => message(no));

function faultsOf(settings: Partial<DemoSettings>) {
  const state = { now: 0, settings: { ...calm, ...settings } };
  const faults = new DeliveryFaults({
    random: seededRandom(7),
    settings: () => state.settings,
    copyOf: (one) => ({ ...one, trigger: "copy" }),
    now: () => state.now,
  });
  return { faults, state };
}

describe("faults on the way to the hub", () => {
  test("none of them leaves everything as it is", () => {
    const { faults } = faultsOf({});
    expect(messages.flatMap((one) => faults.apply([one]))).toEqual(messages);
    expect(faults.held).toEqual([]);
    expect(messages.map(() => faults.fate())).toEqual(messages.map(() => "arrives"));
  });

  test("a share of a hundred doubles every message, as itself or as a second subscription's", () => {
    const { faults } = faultsOf({ duplicate_percent: 100 });
    const sent = messages.flatMap((one) => faults.apply([one]));
    expect(sent).toHaveLength(400);
    expect(faults.repeated).toBe(200);
    const copies = sent.filter(({ trigger }) => trigger === "copy");
    expect(copies.length).toBeGreaterThan(50);
    expect(copies.length).toBeLessThan(150);
  });

  test("what is held back for a time goes out when it is over, whatever else does", () => {
    const { faults, state } = faultsOf({ delay_percent: 100 });
    expect(faults.apply(messages)).toEqual([]);
    expect(faults.held).toHaveLength(200);
    expect(faults.nextIn()).toBeLessThanOrEqual(10_000);
    state.now = 5_000;
    const half = faults.apply([]);
    expect(half.length).toBeGreaterThan(50);
    expect(half.length).toBeLessThan(150);
    state.now = 10_000;
    expect(new Set([...half, ...faults.apply([])])).toEqual(new Set(messages));
    expect(faults.nextIn()).toBe(Infinity);
  });

  test("what is overtaken goes out behind a few later ones, and alone after a while", () => {
    const { faults, state } = faultsOf({ reorder_percent: 50 });
    const sent = messages.flatMap((one) => faults.apply([one]));
    const order = sent.map(({ uid }) => Number(uid.slice(1)));
    expect(order).not.toEqual(order.toSorted((a, b) => a - b));
    state.now = 1_000;
    expect(new Set([...sent, ...faults.apply([])])).toEqual(new Set(messages));
  });

  test("what is overtaken waits longer where the next message comes later", () => {
    const { faults, state } = faultsOf({ reorder_percent: 100, per_minute: 15 });
    expect(faults.apply([message(1)])).toEqual([]);
    state.now = 9_000;
    expect(faults.apply([])).toEqual([]);
    state.now = 10_000;
    expect(faults.apply([])).toEqual([message(1)]);
  });

  test("half of what fails is lost on the way, of the other half the answer", () => {
    const { faults } = faultsOf({ fail_percent: 90 });
    const fates = Array.from({ length: 1000 }, () => faults.fate());
    const share = (fate: string) => fates.filter((one) => one === fate).length / 1000;
    expect(share("arrives")).toBeCloseTo(0.1, 1);
    expect(share("is lost")).toBeCloseTo(0.45, 1);
    expect(share("answer is lost")).toBeCloseTo(0.45, 1);
  });

  test("new settings count from the next message on", () => {
    const { faults, state } = faultsOf({ delay_percent: 100 });
    faults.apply([message(1)]);
    state.settings = calm;
    expect(faults.apply([message(2)])).toEqual([message(2)]);
    expect(faults.rest()).toEqual([message(1)]);
  });
});
