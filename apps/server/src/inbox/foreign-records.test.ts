import type {
  BookingResource,
  InboundMessageResource,
  List,
  TimelineEntry,
} from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import { system } from "../db/database.ts";
import { calcomSecret, inboxFixture, type InboxFixture, signed } from "../../test/inbox-fixture.ts";
import { createTestConnection, createTestOrganisation } from "../../test/test-database.ts";

const warning =
  "It names a customer and a pet that this organisation does not have. Nothing was linked to the booking.";

let fixture: InboxFixture;
let connectionThere: string;
let orgThere: string;
beforeAll(async () => {
  fixture = await inboxFixture();
  const { db } = fixture.hub;
  orgThere = (await createTestOrganisation(db)).orgId;
  ({ connectionId: connectionThere } = await createTestConnection(db, orgThere, {
    secret: calcomSecret,
  }));
});
afterAll(() => fixture.close());

const send = (uid: string, metadata: unknown, path?: string) =>
  fixture.send(
    calcomFixture("booking_created", { uid, iCalUID: `${uid}@example`, metadata }),
    path,
  );

/** Everything that each organisation has, counted. */
async function rowsOf(): Promise<Record<string, number>> {
  const rows = await fixture.hub.db.transaction(system, (tx) =>
    tx.query<{ org_id: string; rows: number }>(
      "SELECT org_id, count(*) AS rows FROM booking GROUP BY org_id",
    ),
  );
  return Object.fromEntries(rows.map((row) => [row.org_id, row.rows]));
}

describe("a message whose metadata names another organisation's customer and pet", () => {
  test("keeps its booking, links nothing and leaves a warning where people look", async () => {
    // What the other organisation has, by ids that a link of this one names.
    const path = `/api/webhooks/calcom/${connectionThere}`;
    const there = await send("there", { barkbookClientId: 41, barkbookPetId: "pet-7" }, path);
    const before = await rowsOf();

    const here = await send("here", { barkbookClientId: 41, barkbookPetId: "pet-7", note: "x" });
    expect(here.body).toMatchObject({ success: true, action: "created" });
    const id = here.body.booking_id ?? "";
    const { body: booking } = await fixture.get<BookingResource>(`/api/v1/bookings/${id}`);
    expect(booking).toMatchObject({ customer: null, subjects: [], status: "confirmed" });
    expect(booking.id).not.toBe(there.body.booking_id);

    const [message] = await fixture.messages();
    expect(message).toMatchObject({ status: "processed", booking_id: id, warning });
    const detail = await fixture.get<InboundMessageResource>(
      `/api/v1/inbound-messages/${message?.id}`,
    );
    expect(detail.body.warning).toBe(warning);
    const timeline = await fixture.get<List<TimelineEntry>>(`/api/v1/bookings/${id}/timeline`);
    expect(timeline.body.data[0]?.message?.warning).toBe(warning);

    expect((await rowsOf())[orgThere]).toBe(before[orgThere]);
    expect((await fixture.bookings()).map((each) => each.id)).not.toContain(there.body.booking_id);
  });

  test("warns of the one that it names", async () => {
    await send("pet-only", { barkbookPetId: "pet-7" });
    expect((await fixture.messages())[0]?.warning).toBe(
      warning.replace("a customer and a pet", "a pet"),
    );
  });

  test.each([[{}], [null], ["x"], [{ barkbookClientId: "" }], [{ barkbookClientId: { id: 1 } }]])(
    "does not warn of %j",
    async (metadata) => {
      const answer = await send(`none-${JSON.stringify(metadata)}`, metadata);
      expect(answer.status).toBe(200);
      expect((await fixture.messages())[0]?.warning).toBeNull();
    },
  );

  test("keeps its warning when it waits for its booking, and when it comes twice", async () => {
    const metadata = { barkbookClientId: 41 };
    const body = calcomFixture("booking_cancelled", { uid: "later", metadata });
    const raw = JSON.stringify({ ...body, payload: { ...body.payload, startTime: undefined } });
    for (let times = 1; times <= 2; times += 1) {
      const answer = await fixture.sendRaw(raw, {
        headers: { "content-type": "application/json", ...signed(Buffer.from(raw)) },
      });
      expect(answer.status).toBe(202);
    }
    const [message] = await fixture.messages();
    expect(message).toMatchObject({ status: "waiting" });
    expect(message?.warning).toBe(warning.replace("a customer and a pet", "a customer"));
  });
});
