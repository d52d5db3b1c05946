import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryLedger } from "../../../test/memory-ledger.ts";
import { interpret } from "./interpret.ts";

const afterAll = new Date("2026-06-01T00:00:00.000Z");
const context = { receivedAt: afterAll, timeZone: "UTC", settings: {}, headers: {} };
const minute = (count: number): string =>
  new Date(Date.UTC(2026, 0, 2, 8, count)).toISOString().replace(".000Z", "Z");

const steps = [
  "name",
  "email",
  "phone",
  "notes",
  "move",
  "cancel",
  "missed",
  "missed_by",
  "missed_as",
] as const;
type Step = (typeof steps)[number];

const histories = fc.array(fc.array(fc.constantFrom(...steps), { maxLength: 10 }), {
  minLength: 1,
  maxLength: 3,
});
const order = fc.array(fc.tuple(fc.nat(9999), fc.boolean()), { minLength: 40, maxLength: 40 });

interface Truth {
  readonly uid: string;
  readonly status: string;
  readonly startsAt: string;
  readonly notes: string | null;
  readonly person: { readonly name: string; readonly email: string; readonly phone: string | null };
}

/** What a site would send about a history, and what is true at its end. */
function tell(history: readonly Step[], number: number): { bodies: object[]; truth: Truth } {
  const bookingId = `b-${number}`;
  const person = { name: "Jan", email: `jan-${number}@mail.example` };
  const made = { bookingId, eventType: "workshop", ...person, scheduledDate: minute(1440) };
  const bodies: object[] = [{ ...made, duration: 60, occurredAt: minute(0) }];
  let truth: Truth = {
    uid: bookingId,
    status: "confirmed",
    startsAt: minute(1440).replace("Z", ".000Z"),
    notes: null,
    person: { ...person, phone: null },
  };
  history.forEach((step, at) => {
    const told = (event: string, more: object): void => {
      bodies.push({ bookingId, event: `booking.${event}`, occurredAt: minute(at + 1), ...more });
    };
    const update = (part: object): void => {
      told("updated", part);
      truth = { ...truth, person: { ...truth.person, ...part } };
    };
    switch (step) {
      case "name":
        return update({ name: `Jan the ${at}th` });
      case "email":
        return update({ email: `jan-${number}-${at}@mail.example` });
      case "phone":
        return update({ phone: `+4670123456${at}` });
      case "notes":
        told("updated", { notes: `Note ${at}` });
        truth = { ...truth, notes: `Note ${at}` };
        return;
      case "move":
        told("rescheduled", { scheduledDate: minute(1440 + at) });
        truth = {
          ...truth,
          status: "confirmed",
          startsAt: minute(1440 + at).replace("Z", ".000Z"),
        };
        return;
      case "cancel":
        told("cancelled", {});
        truth = { ...truth, status: "cancelled" };
        return;
      case "missed":
      case "missed_by":
      case "missed_as": {
        if (truth.status !== "confirmed") return;
        // By the address in use, or by the first one.
        const { email } = step === "missed_by" ? truth.person : person;
        told("no_show", step === "missed" ? {} : { email });
        truth = { ...truth, status: "no_show" };
      }
    }
  });
  return { bodies, truth };
}

// fast-check prints the seed and the smallest failing history.
test("whatever the order, and however often they come, a site's messages end in its truth", () => {
  fc.assert(
    fc.property(histories, order, (wanted, how) => {
      const told = wanted.map(tell);
      const ledger = new MemoryLedger(afterAll);
      for (const body of disturbed(
        told.flatMap(({ bodies }) => bodies),
        how,
      )) {
        const result = interpret(body, context);
        if (result.outcome !== "change") throw new Error(JSON.stringify(result));
        ledger.hear(result.change);
      }
      const known = ledger.bookings.map((booking): Truth => {
        const [person, ...others] = booking.attendees;
        expect(others).toEqual([]);
        return {
          uid: booking.externalRefs[0]?.externalId ?? "",
          status: booking.status,
          startsAt: booking.startsAt,
          notes: booking.description,
          person: {
            name: person?.name ?? "",
            email: person?.email ?? "",
            phone: person?.phone ?? null,
          },
        };
      });
      const byUid = (a: Truth, b: Truth): number => (a.uid < b.uid ? -1 : 1);
      expect(known.toSorted(byUid)).toEqual(told.map(({ truth }) => truth).toSorted(byUid));
    }),
    { numRuns: 2000 },
  );
}, 60_000);

function disturbed(
  bodies: readonly object[],
  how: readonly (readonly [number, boolean])[],
): object[] {
  return bodies
    .flatMap((body, at) => {
      const [weight, isTwice] = how[at % how.length] ?? [0, false];
      const [again] = how[(at + 7) % how.length] ?? [0];
      return [{ body, weight }, ...(isTwice ? [{ body, weight: again }] : [])];
    })
    .toSorted((a, b) => a.weight - b.weight)
    .map(({ body }) => body);
}
