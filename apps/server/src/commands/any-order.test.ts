import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CommandFixture, commandFixture, startOfTests } from "../../test/command-fixture.ts";
import { grooming, onRequest } from "../../test/fake-calcom-api/calcom-booking.ts";
import { CalcomRefusal } from "../../test/fake-calcom-api/fake-calcom.ts";
import type { ApiRequest } from "../../test/fake-calcom-api/server.ts";
import { workCommand } from "./work-command.ts";

let hub: CommandFixture;
beforeAll(async () => {
  hub = await commandFixture();
});
afterAll(() => hub.close());

/** What goes wrong at a call that is to do something; what comes later goes well. */
const faults = [
  /** The effect is there, its answer is not. */
  "answer lost",
  "no effect",
  "turned away",
  /** The hub's process ends before the effect, or after it. */
  "killed before",
  "killed after",
] as const;

type Fault = (typeof faults)[number];

interface Case {
  readonly kind: "cancel" | "reschedule" | "confirm" | "reject";
  readonly faults: readonly Fault[];
  /** How many of the first questions for a booking are not answered. */
  readonly deaf: number;
  /** When Cal.com's message comes: before the answer, after so many rounds, or at the end. */
  readonly message: "at once" | number;
}

const cases = fc.record<Case>({
  kind: fc.constantFrom("cancel", "reschedule", "confirm", "reject"),
  faults: fc.array(fc.constantFrom(...faults), { maxLength: 3 }),
  deaf: fc.nat({ max: 1 }),
  message: fc.oneof(fc.constant("at once" as const), fc.nat({ max: 4 })),
});

const HOUR = 60 * 60 * 1000;
let bookings = 0;

async function prepare({ kind }: Case) {
  bookings += 1;
  const start = new Date(Date.parse(startOfTests) + (30 * 24 + 4 * bookings) * HOUR);
  const later = new Date(start.getTime() + 2 * HOUR);
  const asks = kind === "confirm" || kind === "reject";
  const booking = await hub.book({
    start: start.toISOString(),
    eventType: asks ? onRequest : grooming,
  });
  const bodies = {
    cancel: ["cancel", {}],
    confirm: ["status", { status: "confirmed" }],
    reject: ["status", { status: "rejected" }],
    reschedule: [
      "reschedule",
      {
        starts_at: later.toISOString(),
        ends_at: new Date(later.getTime() + HOUR).toISOString(),
      },
    ],
  } as const;
  const [verb, body] = bodies[kind];
  const answer = await hub.ask(booking.id, verb, body);
  expect(answer.status).toBe(202);
  return { booking, wanted: kind === "reschedule" ? { starts_at: later.toISOString() } : null };
}

/** Does what a call asks for, as Cal.com would. */
function perform({ path, body }: ApiRequest): void {
  const { calcom } = hub;
  const [uid = "", verb] = path.split("/").slice(3).map(decodeURIComponent);
  const by = calcom.host.email;
  try {
    if (verb === "cancel") calcom.cancel(uid, { reason: "asked", by });
    if (verb === "confirm") calcom.confirm(uid);
    if (verb === "decline") calcom.decline(uid);
    if (verb === "reschedule") calcom.reschedule(uid, (body as { start: string }).start, by);
  } catch (error) {
    if (!(error instanceof CalcomRefusal)) throw error;
  }
}

/** Makes the fake behave as the case says. @returns a promise of the next death of the hub */
function misbehave(given: Case): { readonly death: () => Promise<void> } {
  const left = [...given.faults];
  let { deaf } = given;
  let die = Promise.withResolvers<void>();
  hub.api.before = async (request) => {
    const takesEffect = left[0] === "answer lost" || left[0] === "killed after";
    if (request.method !== "POST" || !takesEffect) return;
    perform(request);
    // It may arrive before the answer does, or would.
    if (given.message === "at once") await hub.deliver();
  };
  hub.api.trouble = (request) => {
    if (request.method !== "POST") {
      deaf -= 1;
      return deaf >= 0 ? { status: 500 } : null;
    }
    const fault = left.shift();
    if (fault === undefined) return null;
    if (fault === "killed before" || fault === "killed after") {
      die.resolve();
      return "silence";
    }
    return { status: fault === "turned away" ? 429 : 502 };
  };
  return {
    death: () => {
      die = Promise.withResolvers<void>();
      return die.promise;
    },
  };
}

/** One round of a worker; when it is killed, its lease passes. */
async function round(death: () => Promise<void>, dead: Promise<void>[]): Promise<void> {
  const dies = death();
  const claimed = await hub.claim();
  const work = Promise.all(claimed.map((command) => workCommand(hub.hub, command))).then(() => {});
  const end = await Promise.race([work.then(() => "done"), dies.then(() => "killed")]);
  if (end === "killed") dead.push(work);
  hub.clock.advance(end === "killed" ? 181_000 : 20_000);
}

it("takes effect once and is settled, whatever is lost, killed or told late", async () => {
  const dead: Promise<void>[] = [];
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const { booking, wanted } = await prepare(given);
      const before = hub.calcom.messages.length;
      const { death } = misbehave(given);
      const query = `&booking_id=${booking.id}`;
      const isOpen = async (): Promise<boolean> =>
        (await hub.commands(`${query}&status=open`)).length > 0;
      for (let rounds = 0; await isOpen(); rounds += 1) {
        expect(rounds).toBeLessThan(60);
        await round(death, dead);
        if (given.message === rounds) await hub.deliver();
      }
      hub.api.trouble = null;
      hub.api.before = null;
      expect(hub.calcom.messages).toHaveLength(before + 1);
      expect(await hub.commands(query)).toMatchObject([{ status: "confirmed", problem: null }]);
      const statuses = {
        cancel: "cancelled",
        reject: "rejected",
        confirm: "confirmed",
        reschedule: "confirmed",
      };
      const after = await hub.booking(booking.id);
      expect(after).toMatchObject({ ...wanted, status: statuses[given.kind] });
      await hub.deliver();
      expect(await hub.booking(booking.id)).toEqual(after);
    }),
    { numRuns: 30, endOnFailure: true },
  );
  await hub.api.close();
  await Promise.all(dead);
}, 120_000);
