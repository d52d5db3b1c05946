import type { InboundMessageDetail, InboundMessageResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { ManualClock } from "../clock.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";

const clock = new ManualClock("2026-01-02T08:15:00Z");
let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture({ clock });
});
afterAll(() => hub.close());

/** One cancellation, as the n-th of several webhooks of one URL tells it. */
const telling = (uid: string, webhook: number): Record<string, unknown> => ({
  ...calcomFixture("booking_cancelled", { uid }),
  createdAt: `2026-01-02T08:15:0${webhook}.000Z`,
});
const book = (uid: string) => hub.send(calcomFixture("booking_created", { uid }));
const ofUid = async (uid: string, trigger: string): Promise<InboundMessageResource[]> =>
  (await hub.messages(`&q=${uid}`)).filter((message) => message.trigger === trigger);
const detail = async (id: string) =>
  (await hub.get<InboundMessageDetail>(`/api/v1/inbound-messages/${id}`)).body;

describe("an event that is told by several webhooks", () => {
  test.each([
    ["one after the other", [1, 2]],
    ["the later one first", [2, 1]],
    ["three times", [1, 3, 2]],
  ])("is one effect, %s", async (words, order) => {
    const uid = `told ${words}`;
    await book(uid);
    for (const webhook of order) await hub.send(telling(uid, webhook));
    const messages = await ofUid(uid, "BOOKING_CANCELLED");
    expect(messages).toHaveLength(order.length);
    for (const message of messages) {
      expect(message).toMatchObject({ deliveries: order.length, effects: 1 });
      const { related } = await detail(message.id);
      expect(related.map(({ id }) => id).toSorted()).toEqual(
        messages
          .map(({ id }) => id)
          .filter((id) => id !== message.id)
          .toSorted(),
      );
    }
  });

  test("is one effect when all tell at the same time", async () => {
    const uid = "told at once";
    await book(uid);
    await Promise.all([1, 2, 3, 4, 5, 6].map((webhook) => hub.send(telling(uid, webhook))));
    const messages = await ofUid(uid, "BOOKING_CANCELLED");
    expect(messages.map(({ deliveries, effects }) => [deliveries, effects])).toEqual(
      Array.from({ length: 6 }, () => [6, 1]),
    );
    expect(messages.filter(({ status }) => status === "processed")).toHaveLength(1);
  });

  test("counts a repetition of the very same body as a delivery, too", async () => {
    const uid = "told again in the same words";
    await book(uid);
    for (const webhook of [1, 1, 2]) await hub.send(telling(uid, webhook));
    for (const message of await ofUid(uid, "BOOKING_CANCELLED")) {
      expect(message).toMatchObject({ deliveries: 3, effects: 1 });
    }
  });

  test("is another event after ten minutes", async () => {
    const uid = "told much later";
    await book(uid);
    await hub.send(telling(uid, 1));
    clock.advance(11 * 60_000);
    await hub.send(telling(uid, 2));
    expect(
      (await ofUid(uid, "BOOKING_CANCELLED")).map(({ deliveries, effects }) => [
        deliveries,
        effects,
      ]),
    ).toEqual([
      [1, 0],
      [1, 1],
    ]);
  });
});

describe("a message in words", () => {
  test("says what it did, to which booking, in the booking's zone", async () => {
    const uid = "in words";
    await book(uid);
    const moved = calcomFixture("booking_rescheduled", { uid: `${uid} 2`, rescheduleUid: uid });
    await hub.send({ ...moved, createdAt: "2026-01-02T09:00:00.000Z" });
    const [created] = await ofUid(uid, "BOOKING_CREATED");
    const [rescheduled] = await ofUid(uid, "BOOKING_RESCHEDULED");
    const number = created?.booking_number;
    expect(created?.description).toBe(
      `new booking #${number} on Mon, 5 Jan 2026, 10:00 for Jan Kowalski`,
    );
    expect(rescheduled?.description).toMatch(
      new RegExp(`^reschedule of #${number} to \\w{3}, .* 2026, \\d\\d:\\d\\d for Jan Kowalski$`),
    );
    const { changes, headers, body_sha256 } = await detail(rescheduled?.id ?? "");
    expect(changes).toContainEqual({
      field: "starts_at",
      old: "2026-01-05T09:00:00.000Z",
      new: expect.any(String) as string,
    });
    expect(headers).toMatchObject({ "content-type": "application/json" });
    expect(JSON.stringify(headers)).not.toContain("signature");
    expect(body_sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("says what to do when nothing could be done", async () => {
    await hub.sendRaw("not json");
    const [message] = await hub.messages("&status=failed");
    expect(message).toMatchObject({ error_code: "E_JSON", effects: 0 });
    expect(message?.remedy).toContain("body");
  });
});

describe("the filters of the inbox", () => {
  test("find by trigger, action, warning, time, number, id and words", async () => {
    const uid = "to-be-found-1";
    await book(uid);
    const [message] = await hub.messages(`&q=${uid}`);
    const { id = "", booking_number: number } = message ?? {};
    const ids = async (query: string) => (await hub.messages(query)).map((found) => found.id);
    expect(await ids(`&q=%23${number}`)).toEqual([id]);
    expect(await ids(`&q=${id}`)).toEqual([id]);
    expect(await ids("&trigger=BOOKING_CREATED&action=created")).toContain(id);
    expect(await ids("&trigger=BOOKING_CREATED&action=rescheduled")).toEqual([]);
    // It names a pet that is nobody's here.
    expect(await ids("&warning=true")).toContain(id);
    expect(await ids("&warning=false")).not.toContain(id);
    const at = encodeURIComponent(message?.received_at ?? "");
    expect(await ids(`&from=${at}&q=${uid}`)).toEqual([id]);
    expect(await ids(`&to=${at}&q=${uid}`)).toEqual([]);
    expect(await ids("&q=%25")).toEqual([]);
  });
});
