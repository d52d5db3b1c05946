import { describe, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { calcomConnector } from "../connectors/calcom/connector.ts";
import type { ConnectorChange } from "../connectors/connector.ts";
import { groomers, petOwners, services } from "./demo-people.ts";
import { seededRandom } from "./seeded-random.ts";
import { SimulatedCalcom, type SimulatedMessage } from "./simulated-calcom.ts";
import type { Visit, VisitDraft } from "./visit.ts";

const secret = "secret of the simulated source";
const times = { startsAt: "2026-03-10T09:00:00.000Z", endsAt: "2026-03-10T10:00:00.000Z" };
const laterTimes = { startsAt: "2026-03-11T09:00:00.000Z", endsAt: "2026-03-11T10:00:00.000Z" };

function simulate() {
  const clock = new ManualClock("2026-03-09T08:00:00Z");
  const calcom = new SimulatedCalcom({ secret, clock, random: seededRandom(1) });
  const visit = (): Visit => {
    const [first] = calcom.visits;
    if (first === undefined) throw new Error("there is no visit");
    return first;
  };
  return { clock, calcom, visit };
}

function draft(needsApproval = false): VisitDraft {
  const service = services.find((one) => one.needsApproval === needsApproval);
  const [groomer] = groomers;
  const [owner] = petOwners;
  if (service === undefined || groomer === undefined || owner === undefined) throw new Error();
  return { ...times, service, groomer, owner, remark: "Shy." };
}

/** What the Cal.com connector makes of it, once the signature has been found right. */
function understood(message: SimulatedMessage): ConnectorChange {
  const receivedAt = new Date("2026-03-09T09:00:00Z");
  const { body, headers } = message;
  expect(calcomConnector.verify({ body, headers, receivedAt }, [secret])).toBe("valid");
  const parsed = JSON.parse(body.toString("utf8")) as unknown;
  const context = { receivedAt, timeZone: "UTC", settings: {}, headers: {} };
  const result = calcomConnector.interpret(parsed, context);
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  expect(result.trigger).toBe(message.trigger);
  return result.change;
}

describe("the simulated Cal.com", () => {
  test("tells of a booking as the connector reads it", () => {
    const { calcom, visit } = simulate();
    const change = understood(calcom.book(draft()));
    expect(change).toMatchObject({
      kind: "created",
      status: "confirmed",
      occurredAt: "2026-03-09T08:00:00.000Z",
      refs: { uid: visit().uid, previousUid: null, icalUid: visit().icalUid },
      fields: {
        ...times,
        timeZone: "Europe/Stockholm",
        description: "Shy.",
        provider: { name: groomers[0]?.name, email: groomers[0]?.email },
        serviceKey: visit().service.slug,
        attendees: [{ email: visit().owner.email, phone: visit().owner.phone }],
      },
    });
  });

  test("moves a visit under a new uid that names the old one", () => {
    const { calcom, visit } = simulate();
    const booked = calcom.book(draft());
    const change = understood(calcom.reschedule(booked.icalUid, laterTimes));
    expect(change).toMatchObject({
      kind: "rescheduled",
      status: "confirmed",
      sourceSequence: 1,
      refs: { uid: visit().uid, previousUid: booked.uid },
      fields: laterTimes,
    });
    expect(visit().previousUids).toEqual([booked.uid]);
  });

  test("asks anew when what has to be approved is moved, and approves by a creation", () => {
    const { calcom, visit } = simulate();
    const asked = calcom.request(draft(true));
    expect(understood(asked)).toMatchObject({ kind: "requested", status: "pending" });
    const moved = understood(calcom.reschedule(asked.icalUid, laterTimes));
    expect(moved).toMatchObject({ kind: "requested", refs: { previousUid: asked.uid } });
    const approved = understood(calcom.approve(asked.icalUid));
    expect(approved).toMatchObject({
      kind: "created",
      status: "confirmed",
      refs: { uid: visit().uid, previousUid: null },
    });
  });

  test("tells of every end that a visit can have", () => {
    const { calcom, visit } = simulate();
    const { icalUid } = calcom.book(draft());
    expect(understood(calcom.start(icalUid))).toMatchObject({ kind: "started" });
    expect(understood(calcom.end(icalUid))).toMatchObject({ kind: "completed", fields: times });
    expect(understood(calcom.markNoShow(icalUid))).toMatchObject({ kind: "no_show" });
    expect(visit().status).toBe("no_show");

    const cancelled = understood(calcom.cancel(icalUid, "Ill."));
    expect(cancelled).toMatchObject({ kind: "cancelled", statusReason: "Ill.", fields: times });
    const rejected = understood(calcom.reject(icalUid, "Full."));
    expect(rejected).toMatchObject({ kind: "rejected", statusReason: "Full.", fields: times });
  });

  test("reports an event twice under two times, both before what happens next", () => {
    const { calcom } = simulate();
    const booked = calcom.book(draft());
    const copy = calcom.copyOf(booked);
    const next = calcom.cancel(booked.icalUid, "Ill.");
    if (copy === null) throw new Error("there is no copy");
    const [first, second, third] = [booked, copy, next].map((one) => understood(one).occurredAt);
    expect([first, second, third]).toEqual([first, second, third].toSorted());
    expect(new Set([first, second, third]).size).toBe(3);
    expect({ ...understood(copy), occurredAt: first }).toEqual(understood(booked));
  });

  test("repeats nothing that carries no time of its own", () => {
    const { calcom } = simulate();
    const { icalUid } = calcom.book(draft());
    expect(calcom.copyOf(calcom.start(icalUid))).toBeNull();
  });
});
