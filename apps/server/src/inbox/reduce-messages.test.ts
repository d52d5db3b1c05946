import type { InboundMessageDetail, OrganisationSettings } from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { ManualClock } from "../clock.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import { system } from "../db/database.ts";
import { reduceMessages } from "./reduce-messages.ts";

const clock = new ManualClock("2026-01-02T08:15:00Z");
let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture({ clock });
});
afterAll(() => hub.close());

const day = 24 * 60 * 60 * 1000;
const detail = async (id: string) =>
  (await hub.get<InboundMessageDetail>(`/api/v1/inbound-messages/${id}`)).body;
const keepFor = (days: number) =>
  hub.app.inject({
    method: "PATCH",
    url: "/api/v1/organisation",
    headers: withKey,
    payload: { raw_message_days: days },
  });

test("bodies are kept for the organisation's time; hash, fields and outcome stay for good", async () => {
  const created = await hub.send(calcomFixture("booking_created", { uid: "reduced" }));
  const waiting = await hub.send(
    calcomFixture("booking_no_show_updated", { uid: "never arrives" }),
  );
  const failed = await hub.sendRaw("no JSON");
  const failedId = String(failed.body["message_id"]);
  const before = await detail(created.body.message_id);
  expect((await hub.get<OrganisationSettings>("/api/v1/organisation")).body.raw_message_days).toBe(
    30,
  );

  clock.advance(30 * day - 1000);
  expect(await reduceMessages(hub.hub)).toBe(0);
  clock.advance(2000);
  expect(await reduceMessages(hub.hub)).toBe(1);
  expect(await reduceMessages(hub.hub)).toBe(0);
  const after = await detail(created.body.message_id);
  expect(after).toMatchObject({
    status: "processed",
    description: before.description,
    body: "",
    body_sha256: before.body_sha256,
    body_removed_at: clock.now().toISOString(),
    headers: { "content-type": "application/json" },
  });
  expect(after.body_keys).toEqual(
    expect.arrayContaining(["triggerEvent", "payload.attendees[].email"]),
  );
  // The booking's history still says whose it was; the message itself does not.
  expect(JSON.stringify({ ...after, description: "" })).not.toContain("Kowalski");
  // The same body once more is still the same message.
  const again = await hub.send(calcomFixture("booking_created", { uid: "reduced" }));
  expect(again.body).toMatchObject({ action: "duplicate", message_id: created.body.message_id });

  // What could not be dealt with is kept three times as long.
  clock.advance(60 * day);
  expect(await reduceMessages(hub.hub)).toBe(2);
  expect(await detail(waiting.body.message_id)).toMatchObject({
    status: "failed",
    error_code: "E_BODY_REMOVED",
    body: "",
  });
  expect(await detail(failedId)).toMatchObject({ status: "failed", error_code: "E_JSON" });
});

test("the time is the organisation's to choose, and its change is written down", async () => {
  const { body } = await hub.send(calcomFixture("booking_created", { uid: "kept shorter" }));
  expect((await keepFor(0)).statusCode).toBe(422);
  expect((await keepFor(7)).json()).toMatchObject({ raw_message_days: 7 });
  clock.advance(7 * day + 1000);
  expect(await reduceMessages(hub.hub)).toBe(1);
  expect((await detail(body.message_id)).body_removed_at).not.toBeNull();
  const lines = await hub.hub.db.transaction(system, (tx) =>
    tx.query("SELECT old, new FROM audit_log WHERE action = 'organisation.changed'"),
  );
  expect(lines).toEqual([{ old: { raw_message_days: 30 }, new: { raw_message_days: 7 } }]);
});
