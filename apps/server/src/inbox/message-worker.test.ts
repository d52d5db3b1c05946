import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InboxFixture, inboxFixture } from "../../test/inbox-fixture.ts";
import { until } from "../../test/until.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import { calcomConnector } from "../connectors/calcom/connector.ts";
import type { Connector } from "../connectors/connector.ts";
import { system } from "../db/database.ts";
import { MessageWorker } from "./message-worker.ts";

/** What the connector does instead of its own work, while a test says so. */
let sabotage: (() => void) | null = null;
const connector: Connector = {
  ...calcomConnector,
  interpret(body, context) {
    sabotage?.();
    return calcomConnector.interpret(body, context);
  },
};

let hub: InboxFixture;
let worker: MessageWorker;
beforeAll(async () => {
  hub = await inboxFixture({ connectors: new Map([["calcom", connector]]) });
  worker = new MessageWorker(hub.hub);
  worker.start();
});
afterAll(async () => {
  await worker.stop();
  await hub.close();
});

let count = 0;
const newUid = (): string => `uid-${(count += 1)}`;
const noShowOf = (uid: string) => calcomFixture("booking_no_show_updated", { bookingUid: uid });
const messageOf = async (id: string) => (await hub.messages()).find((message) => message.id === id);
const statusOf = async (uid: string) =>
  (await hub.bookings()).find((b) => b.external_refs.some((ref) => ref.external_id === uid))
    ?.status;

describe("a message about a booking that has not arrived", () => {
  test("waits, and is processed when the booking arrives", async () => {
    const uid = newUid();
    const early = await hub.send(noShowOf(uid));
    expect(early).toMatchObject({
      status: 202,
      body: { success: true, action: "stored", booking_id: null },
    });
    expect(await messageOf(early.body.message_id)).toMatchObject({
      status: "waiting",
      error_code: "E_BOOKING_UNKNOWN",
    });
    const created = await hub.send(calcomFixture("booking_created", { uid }));
    await until(async () => (await statusOf(uid)) === "no_show");
    expect(await messageOf(early.body.message_id)).toMatchObject({
      status: "processed",
      action: "no_show",
      booking_id: created.body.booking_id,
      error_code: null,
    });
  });

  test("is taken up when a known booking gets the id by a reschedule", async () => {
    const [old, next] = [newUid(), newUid()];
    await hub.send(calcomFixture("booking_created", { uid: old }));
    const early = await hub.send({ ...noShowOf(next), createdAt: "2026-01-06T15:00:00Z" });
    expect(early.body.action).toBe("stored");
    await hub.send(calcomFixture("booking_rescheduled", { uid: next, rescheduleUid: old }));
    await until(async () => (await statusOf(next)) === "no_show");
  });

  test("still waits when it is sent again, as the same message", async () => {
    const uid = newUid();
    const first = await hub.send(noShowOf(uid));
    const again = await hub.send(noShowOf(uid));
    expect(again).toMatchObject({ status: 202, body: { message_id: first.body.message_id } });
    expect(await messageOf(first.body.message_id)).toMatchObject({ status: "waiting" });
  });

  test("is not lost in a race with the booking's arrival", async () => {
    const uids = Array.from({ length: 30 }, newUid);
    await Promise.all(
      uids.flatMap((uid) => [
        hub.send(calcomFixture("booking_created", { uid })),
        hub.send(noShowOf(uid)),
      ]),
    );
    await until(async () => {
      // One list per round: thirty at once would keep the database from the work waited for.
      const bookings = await hub.bookings();
      const done = bookings.filter(({ status }) => status === "no_show");
      const ids = new Set(
        done.flatMap((booking) => booking.external_refs.map((ref) => ref.external_id)),
      );
      return uids.every((uid) => ids.has(uid));
    });
  });
});

describe("a message that met an unexpected error", () => {
  test("is kept as failed when the connector broke, without its contents in the log", async () => {
    const uid = newUid();
    sabotage = () => {
      throw new Error("a defect");
    };
    const answer = await hub.send(calcomFixture("booking_created", { uid }));
    sabotage = null;
    expect(answer).toMatchObject({ status: 202, body: { action: "stored" } });
    expect(await messageOf(answer.body.message_id)).toMatchObject({
      status: "failed",
      error_code: "E_INTERNAL",
    });
    // The source sends it once more after the fix.
    const again = await hub.send(calcomFixture("booking_created", { uid }));
    expect(again).toMatchObject({
      status: 200,
      body: { action: "created", message_id: answer.body.message_id },
    });
  });

  test("is kept when the ledger failed, and processed later", async () => {
    const uid = newUid();
    await breakBookings();
    const answer = await hub.send(calcomFixture("booking_created", { uid }));
    expect(answer).toMatchObject({ status: 202, body: { action: "stored", booking_id: null } });
    expect(await messageOf(answer.body.message_id)).toMatchObject({
      status: "received",
      error_code: "E_INTERNAL",
      trigger: "BOOKING_CREATED",
    });
    expect(hub.logged()).not.toContain("jan.kowalski");
    await mendBookings();
    await makeDue(answer.body.message_id);
    hub.hub.wake.signal("messages");
    await until(async () => (await messageOf(answer.body.message_id))?.status === "processed");
    expect(await statusOf(uid)).toBe("confirmed");
  });

  test("is tried again later each time, and given up in the end", async () => {
    const uid = newUid();
    await breakBookings();
    const { body } = await hub.send(calcomFixture("booking_created", { uid }));
    await makeDue(body.message_id);
    hub.hub.wake.signal("messages");
    await until(async () => (await queueState(body.message_id)).attempts === 1);
    await until(async () => !(await queueState(body.message_id)).leased);
    const { waitSeconds } = await queueState(body.message_id);
    expect(waitSeconds).toBeGreaterThan(2);
    expect(waitSeconds).toBeLessThan(6);
    await hub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE inbound_message SET attempts = 12, next_attempt_at = NULL WHERE id = $1", [
        body.message_id,
      ]),
    );
    hub.hub.wake.signal("messages");
    await until(async () => (await messageOf(body.message_id))?.status === "failed");
    await mendBookings();
    expect(await messageOf(body.message_id)).toMatchObject({
      error_code: "E_INTERNAL",
      booking_id: null,
    });
  });

  test("is refused with 503 when it cannot even be kept, and nothing is half written", async () => {
    const uid = newUid();
    await hub.hub.db.script("ALTER TABLE inbound_message RENAME TO inbound_message_gone");
    const answer = await hub.send(calcomFixture("booking_created", { uid }));
    await hub.hub.db.script("ALTER TABLE inbound_message_gone RENAME TO inbound_message");
    expect(answer).toMatchObject({ status: 503, body: { code: "E_UNAVAILABLE" } });
    expect(answer.headers["retry-after"]).toBeDefined();
    expect(await statusOf(uid)).toBeUndefined();
  });
});

/** Every new booking violates this; what is there stays. */
const breakBookings = (): Promise<void> =>
  hub.hub.db.script("ALTER TABLE booking ADD CONSTRAINT broken CHECK (title = 'never') NOT VALID");
const mendBookings = (): Promise<void> =>
  hub.hub.db.script("ALTER TABLE booking DROP CONSTRAINT broken");

async function makeDue(id: string): Promise<void> {
  await hub.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE inbound_message SET next_attempt_at = NULL WHERE id = $1", [id]),
  );
}

async function queueState(id: string) {
  const [row] = await hub.hub.db.transaction(system, (tx) =>
    tx.query<{ attempts: number; leased: boolean; wait: number | null }>(
      `SELECT attempts, lease_until IS NOT NULL AS leased,
              extract(epoch FROM next_attempt_at - now())::float8 AS wait
         FROM inbound_message WHERE id = $1`,
      [id],
    ),
  );
  return { attempts: row?.attempts, leased: row?.leased === true, waitSeconds: row?.wait ?? 0 };
}
