import fc from "fast-check";
import { expect, test } from "vitest";
import { arrivals, arriving, histories, live } from "../../../test/calcom-history.ts";
import type { SimulatedMessage } from "../../../test/calcom-source.ts";
import { byUid, truthOfHub, truthOfSource } from "../../../test/calcom-truth.ts";
import { MemoryLedger } from "../../../test/memory-ledger.ts";
import { interpret } from "./interpret.ts";

const afterAll = new Date("2026-06-01T00:00:00.000Z");
const context = { receivedAt: afterAll, timeZone: "UTC", settings: {}, headers: {} };

function hearAll(messages: readonly SimulatedMessage[]): MemoryLedger {
  const ledger = new MemoryLedger(afterAll);
  const heard = new Set<string>();
  for (const { body } of messages) {
    const bytes = JSON.stringify(body);
    if (heard.has(bytes)) continue;
    heard.add(bytes);
    const result = interpret(body, context);
    if (result.outcome === "failed") throw new Error(result.reason);
    if (result.outcome === "change") ledger.hear(result.change);
  }
  return ledger;
}

// fast-check prints the seed and the smallest failing history.
test("whatever the order, and however often they come, Cal.com's messages end in its truth", () => {
  fc.assert(
    fc.property(histories, arrivals, (wanted, how) => {
      const source = live(wanted);
      const ledger = hearAll(arriving(source, how));
      expect(
        ledger.bookings
          .map((one) => truthOfHub({ ...one, refs: one.externalRefs }))
          .toSorted(byUid),
      ).toEqual(source.bookings.map(truthOfSource).toSorted(byUid));
    }),
    { numRuns: 3000 },
  );
}, 120_000);
