import {
  type BookingActions,
  type BookingResource,
  bookingStatuses,
  type BookingStatus,
} from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandFixture, commandFixture } from "../../test/command-fixture.ts";
import { withKey } from "../../test/test-hub.ts";

let hub: CommandFixture;
beforeAll(async () => {
  hub = await commandFixture();
});
afterAll(() => hub.close());

/** The steps by which a booking that is confirmed comes to a state. */
const ways: Readonly<Partial<Record<BookingStatus, readonly BookingStatus[]>>> = {
  confirmed: [],
  checked_in: ["checked_in"],
  in_progress: ["in_progress"],
  completed: ["checked_in", "completed"],
  no_show: ["checked_in", "no_show"],
  cancelled: ["cancelled"],
};
const hour = (days: number): object => {
  const start = hub.clock.now().getTime() + days * 24 * 3_600_000;
  const at = (time: number): string => new Date(time).toISOString();
  return { starts_at: at(start), ends_at: at(start + 3_600_000) };
};

async function bookHere(status: "pending" | "confirmed", days = 1): Promise<BookingResource> {
  const answer = await hub.app.inject({
    method: "POST",
    url: "/api/v1/bookings",
    headers: withKey,
    payload: { ...hour(days), title: "Grooming", status, attendees: [{ name: "Jan" }] },
  });
  return answer.json<BookingResource>();
}

/** A booking of the hub's own in a state; null for a state that it cannot be brought to. */
async function bookingIn(status: BookingStatus): Promise<BookingResource> {
  const booking = await bookHere(
    status === "pending" || status === "rejected" ? "pending" : "confirmed",
  );
  const way = status === "rejected" ? (["rejected"] as const) : (ways[status] ?? []);
  for (const step of way) await hub.ask(booking.id, "status", { status: step });
  const now = await hub.booking(booking.id);
  expect(now.status).toBe(status);
  return now;
}

const actionsOf = async (id: string): Promise<BookingActions> =>
  (await hub.get<BookingActions>(`/api/v1/bookings/${id}/actions`)).body;
const statusesOf = async (id: string): Promise<string[]> =>
  (await actionsOf(id)).statuses.map(({ status, by }) => `${status} by ${by}`);

describe("the states that are offered", () => {
  it.each(bookingStatuses)(
    "are those that the hub takes a booking of its own to: from %s",
    async (from) => {
      const { id } = await bookingIn(from);
      const offered = (await actionsOf(id)).statuses;
      expect(offered.every(({ by }) => by === "hub")).toBe(true);
      const taken = [];
      for (const to of bookingStatuses.filter((status) => status !== from)) {
        const other = await bookingIn(from);
        const { status } = await hub.ask(other.id, "status", { status: to });
        if (status === 200) taken.push(to);
      }
      expect(offered.map(({ status }) => status)).toEqual(taken);
    },
  );

  it("are the steps of the day, whoever owns the booking, and what its source can be asked for", async () => {
    const { id } = await hub.book({ start: "2026-03-22T10:00:00Z" });
    const ofTheDay = ["checked_in by hub", "in_progress by hub"];
    expect(await statusesOf(id)).toEqual([...ofTheDay, "cancelled by source"]);
    expect((await hub.ask(id, "status", { status: "checked_in" })).status).toBe(200);
    expect(await statusesOf(id)).toEqual([
      "confirmed by hub",
      "in_progress by hub",
      "completed by hub",
      "no_show by source",
      "cancelled by source",
    ]);
    expect((await hub.ask(id, "status", { status: "in_progress" })).status).toBe(200);
    expect((await hub.ask(id, "status", { status: "completed" })).status).toBe(200);
    expect((await hub.booking(id)).status).toBe("completed");
  });

  it("grow as time passes: what is over when it has begun", async () => {
    const { id } = await bookHere("confirmed", 1);
    expect(await statusesOf(id)).not.toContain("completed by hub");
    hub.clock.advance(24 * 3_600_000);
    expect(await statusesOf(id)).toEqual(
      expect.arrayContaining(["completed by hub", "no_show by hub"]),
    );
  });
});
