import { expect, test } from "vitest";
import { ManualClock } from "../../clock.ts";
import type { Interpretation } from "../connector.ts";
import { memoryConnector } from "./connector.ts";
import { MemorySource, type SourceMessage } from "./source.ts";

const clock = new ManualClock("2026-01-02T08:00:00.000Z");
const draft = {
  startsAt: "2026-01-05T09:00:00.000Z",
  endsAt: "2026-01-05T10:00:00.000Z",
  title: "Grooming",
  timeZone: "Europe/Warsaw",
  attendee: { name: "Jan Kowalski", email: "jan@mail.example" },
};

function newSource(): MemorySource {
  return new MemorySource({ secret: "s", clock });
}

function read(message: SourceMessage): Interpretation {
  expect(memoryConnector.verify({ ...message, receivedAt: clock.now() }, ["s"])).toBe("valid");
  return memoryConnector.interpret(JSON.parse(message.body.toString()), {
    receivedAt: clock.now(),
    timeZone: "UTC",
    settings: {},
    headers: {},
  });
}

test("a booking keeps every id that it had, the current one last", () => {
  const source = newSource();
  const first = source.book(draft);
  const second = source.reschedule(
    first.uid,
    "2026-01-06T09:00:00.000Z",
    "2026-01-06T10:00:00.000Z",
  );
  expect(source.bookings).toMatchObject([
    { uids: [first.uid, second.uid], startsAt: "2026-01-06T09:00:00.000Z", sequence: 1 },
  ]);
  expect(source.cancel(first.uid, "ill").uid).toBe(second.uid);
  expect(source.bookings).toMatchObject([{ status: "cancelled" }]);
});

test("its messages say what became true", () => {
  const source = newSource();
  const asked = source.request(draft);
  expect(read(asked)).toMatchObject({ change: { status: "pending" } });
  expect(read(source.confirm(asked.uid))).toMatchObject({
    change: { kind: "created", status: "confirmed" },
  });
  expect(read(source.start(asked.uid))).toMatchObject({ change: { status: "in_progress" } });
  expect(read(source.complete(asked.uid))).toMatchObject({ change: { status: "completed" } });
  expect(source.bookings[0]?.status).toBe("completed");
});

test("things that happen at once have times that tell their order", () => {
  const source = newSource();
  const { uid } = source.book(draft);
  source.cancel(uid, "ill");
  const times = source.messages.map((message) => {
    const result = read(message);
    return result.outcome === "change" ? result.change.occurredAt : "";
  });
  expect(times).toEqual(["2026-01-02T08:00:00.000Z", "2026-01-02T08:00:00.001Z"]);
});

test("a no-show names who did not come and no times", () => {
  const source = newSource();
  const result = read(source.markNoShow(source.book(draft).uid));
  expect(result).toMatchObject({
    change: {
      kind: "no_show",
      fields: { attendees: [{ email: "jan@mail.example", status: "no_show" }] },
    },
  });
  expect(result.outcome === "change" && result.change.fields.startsAt).toBeUndefined();
});

test("an id that the source never gave is a mistake of the caller", () => {
  expect(() => newSource().cancel("nobody", "ill")).toThrow(TypeError);
});
