import type { CommandStatus } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CommandFixture, commandFixture } from "../../test/command-fixture.ts";
import type { Trouble } from "../../test/fake-calcom-api/server.ts";
import { withKey } from "../../test/test-hub.ts";

let hub: CommandFixture;
beforeAll(async () => {
  hub = await commandFixture();
});
afterAll(() => hub.close());

type Open = "queued" | "sending" | "accepted";
type Happening =
  | "the source says that it is so"
  | "somebody withdraws it"
  | "the source takes it"
  | "the source takes it, and tells of the booking"
  | "the source refuses"
  | "the source does not answer"
  | "the source turns it away"
  | "the key is wrong"
  | "a quarter of an hour passes without an answer";

/** The life of a command: what it is after something has happened. */
const states: Record<Open, Record<Happening, CommandStatus>> = {
  queued: {
    "the source says that it is so": "confirmed",
    "somebody withdraws it": "withdrawn",
    "the source takes it": "accepted",
    "the source takes it, and tells of the booking": "confirmed",
    "the source refuses": "refused",
    "the source does not answer": "sending",
    "the source turns it away": "queued",
    "the key is wrong": "refused",
    "a quarter of an hour passes without an answer": "expired",
  },
  sending: {
    "the source says that it is so": "confirmed",
    "somebody withdraws it": "sending",
    "the source takes it": "accepted",
    "the source takes it, and tells of the booking": "confirmed",
    "the source refuses": "refused",
    "the source does not answer": "sending",
    "the source turns it away": "queued",
    "the key is wrong": "refused",
    "a quarter of an hour passes without an answer": "expired",
  },
  // It is not sent again: what the source says to a sending matters no more.
  accepted: {
    "the source says that it is so": "confirmed",
    "somebody withdraws it": "accepted",
    "the source takes it": "accepted",
    "the source takes it, and tells of the booking": "accepted",
    "the source refuses": "accepted",
    "the source does not answer": "accepted",
    "the source turns it away": "accepted",
    "the key is wrong": "refused",
    "a quarter of an hour passes without an answer": "expired",
  },
};

const toPosts =
  (answer: Exclude<ReturnType<Trouble>, null>): Trouble =>
  ({ method }) =>
    method === "POST" ? answer : null;
const empty = JSON.stringify({ status: "success", data: [] });

/** How the source behaves while each of them happens. */
const behaviours: Partial<Record<Happening, Trouble>> = {
  "the source takes it": toPosts({ status: 200, body: empty }),
  "the source refuses": toPosts({ status: 400, body: '{"error":{"message":"No."}}' }),
  "the source does not answer": () => ({ status: 503 }),
  "the source turns it away": toPosts({ status: 429 }),
  "the key is wrong": () => ({ status: 403 }),
  "a quarter of an hour passes without an answer": () => ({ status: 503 }),
};

/** A cancellation that has come so far, and has had no effect. */
async function commandIn(status: Open): Promise<{ id: string; uid: string }> {
  const booking = await hub.book();
  const { id } = (await hub.ask(booking.id, "cancel")).body;
  if (status !== "queued") {
    hub.api.trouble = toPosts(
      status === "sending" ? { status: 502 } : { status: 200, body: empty },
    );
    await hub.work();
    hub.api.trouble = null;
  }
  const uid = booking.external_refs.find(({ kind }) => kind === "uid")?.external_id ?? "";
  expect(await statusOf(id)).toBe(status);
  return { id, uid };
}

async function statusOf(id: string): Promise<CommandStatus> {
  return (await hub.get<{ status: CommandStatus }>(`/api/v1/commands/${id}`)).body.status;
}

const cells = (Object.keys(states) as Open[]).flatMap((status) =>
  (Object.entries(states[status]) as [Happening, CommandStatus][]).map(
    ([happening, after]) => [status, happening, after] as const,
  ),
);

describe("a command that is", () => {
  it.each(cells)("%s, when %s, is %s", async (status, happening, after) => {
    const { id, uid } = await commandIn(status);
    hub.api.trouble = behaviours[happening] ?? null;
    if (happening === "the source says that it is so") {
      hub.calcom.cancel(uid, { reason: "Asked for it" });
      await hub.deliver();
    } else if (happening === "somebody withdraws it") {
      await hub.app.inject({ method: "DELETE", url: `/api/v1/commands/${id}`, headers: withKey });
    } else if (happening === "a quarter of an hour passes without an answer") {
      await hub.settleAll();
    } else {
      hub.clock.advance(60_000);
      await hub.work();
    }
    hub.api.trouble = null;
    expect(await statusOf(id)).toBe(after);
    await hub.settleAll();
  });

  it("on its way when the hub was down for longer than makes sense, is not sent", async () => {
    const { id } = await commandIn("queued");
    hub.api.requests.length = 0;
    hub.clock.advance(60 * 60_000);
    await hub.work();
    expect(await statusOf(id)).toBe("expired");
    expect(hub.api.requests).toEqual([]);
  });
});
