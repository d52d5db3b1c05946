import { createDestinationSchema } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hubAuthor } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { destinationFixture, type DestinationFixture } from "../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { updateDestination } from "./update-destination.ts";
import { previewDraft, previewRequest } from "./preview-request.ts";

let test: TestDatabase;
let fixture: DestinationFixture;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  fixture = await destinationFixture(test.db);
});
afterEach(() => fixture.close());

const draft = (input: object = {}) =>
  createDestinationSchema.parse({ name: "New", url: "https://receiver.example/in", ...input });

const nothing = "00000000-0000-4000-8000-000000000000";

describe("the preview of a request", () => {
  it("is the request that is sent, but for its ids and secrets", async () => {
    const receiver = await fixture.receiver();
    const { id } = await fixture.destination(receiver.url, { payload_mode: "full", key: "k-1" });
    const booking_id = await fixture.book();
    await fixture.change(booking_id, "Another title");
    const preview = await previewRequest(fixture.deps, fixture.orgId, id, { booking_id }, true);
    fixture.worker();
    await until(() => receiver.requests.length === 2);

    const sent = receiver.requests[1];
    expect(preview).toMatchObject({
      event: { type: "booking.updated", booking_id, booking_version: 2 },
      request: { method: "POST", url: receiver.url, body: sent?.body },
      skip_reason: null,
    });
    const headers = preview.request?.headers ?? {};
    expect(headers["authorization"]).toBe("•••");
    expect(headers["user-agent"]).toBe(sent?.headers["user-agent"]);
    expect(headers["content-type"]).toBe(sent?.headers["content-type"]);
    expect(headers["webhook-signature"]).toMatch(/^v1,/);
    const network = ["host", "connection", "content-length"];
    const names = Object.keys(sent?.headers ?? {}).filter((name) => !network.includes(name));
    expect(Object.keys(headers).toSorted()).toEqual(names.toSorted());
    expect((await fixture.deliveries()).length).toBe(2);
  });

  it("is a list of one where requests carry several events", async () => {
    const receiver = await fixture.receiver();
    const { id } = await fixture.destination(receiver.url, { batch_size: 5 });
    const booking_id = await fixture.book();
    const preview = await previewRequest(fixture.deps, fixture.orgId, id, { booking_id }, true);
    fixture.worker();
    await until(() => receiver.requests.length === 1);
    const [sent] = receiver.requests;
    expect(preview.request?.body).toBe(sent?.body);
    expect(preview.request?.headers["webhook-batch-ids"]).toBe(
      preview.request?.headers["webhook-id"],
    );
    expect(sent?.headers["webhook-batch-ids"]).toBe(sent?.headers["webhook-id"]);
  });

  it("says of an address that it would be refused", async () => {
    await fixture.book();
    const asking = (url: string) =>
      previewDraft(publicOnly, fixture.orgId, { destination: draft({ url }) }, true);
    const publicOnly = { ...fixture.deps, policy: { allows: () => false } };
    const refused = await asking("http://10.1.2.3/in");
    expect(refused.address_refusal).toBe("10.1.2.3 is not public.");
    expect(refused.request).not.toBeNull();
    const about = { destination: draft({ url: "http://10.1.2.3/in" }) };
    const allowed = await previewDraft(fixture.deps, fixture.orgId, about, true);
    expect(allowed.address_refusal).toBeNull();
  });

  it("is of one event where that is named, and of the newest there is without a booking", async () => {
    const booking_id = await fixture.book();
    await fixture.change(booking_id, "Another title");
    const about = { destination: draft(), booking_id };
    const newest = await previewDraft(fixture.deps, fixture.orgId, about, true);
    expect(newest.event.booking_version).toBe(2);
    const [first] = await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query<{ id: string }>("SELECT id FROM booking_event WHERE booking_version = 1"),
    );
    const one = { destination: draft(), event_id: first?.id };
    const preview = await previewDraft(fixture.deps, fixture.orgId, one, true);
    expect(preview.event).toMatchObject({ type: "booking.created", booking_version: 1 });
    const any = await previewDraft(fixture.deps, fixture.orgId, { destination: draft() }, true);
    expect(any.event).toEqual(newest.event);
  });

  it.each([
    [{ event_types: ["booking.cancelled"] }, "event types"],
    [{ filter: { services: ["workshop"] } }, "filter's services"],
    [{ profile: "external_calendar", payload_mode: "compat", filter: null }, "status has not"],
    [{ profile: "crm" }, "e-mail address"],
  ])("of %o says why nothing would be sent", async (input, words) => {
    const booking_id = await fixture.book();
    const about = { destination: draft(input), booking_id };
    const preview = await previewDraft(fixture.deps, fixture.orgId, about, true);
    expect(preview).toMatchObject({ request: null, skip_reason: expect.stringContaining(words) });
  });

  it("shows no contact data to whoever is not shown any", async () => {
    const url = "http://127.0.0.1:9/";
    const { id } = await fixture.destination(url, { payload_mode: "full" });
    const booking_id = await fixture.book();
    await fixture.change(booking_id, "Wash for Jan Kowalski");
    const { deps, orgId } = fixture;
    const shown = await previewRequest(deps, orgId, id, { booking_id }, true);
    expect(shown.request?.body).toContain("Jan Kowalski");
    const hidden = await previewRequest(deps, orgId, id, { booking_id }, false);
    expect(hidden.request?.body).toContain(booking_id);
    expect(hidden.request?.body).not.toContain("Jan Kowalski");

    const full = { destination: draft({ payload_mode: "full" }), booking_id };
    await expect(previewDraft(deps, orgId, full, false)).rejects.toMatchObject({
      code: "E_FORBIDDEN",
    });
    const thin = await previewDraft(deps, orgId, { destination: draft(), booking_id }, false);
    expect(thin.request).not.toBeNull();
  });

  it("knows no booking of another organisation", async () => {
    const other = await destinationFixture(test.db);
    const booking_id = await other.book();
    await other.close();
    for (const about of [{ booking_id }, { booking_id: nothing }, { event_id: nothing }]) {
      await expect(
        previewDraft(fixture.deps, fixture.orgId, { destination: draft(), ...about }, true),
      ).rejects.toMatchObject({ code: "E_NOT_FOUND" });
    }
  });
});

describe("a destination's payload mode", () => {
  it("is the profile's own unless another is named", async () => {
    const url = "http://127.0.0.1:9/";
    const modes = await Promise.all(
      (["standard", "crm", "external_calendar"] as const).map((profile) =>
        fixture.destination(url, { profile }),
      ),
    );
    expect(modes.map(({ payload_mode, filter }) => [payload_mode, filter])).toEqual([
      ["thin", null],
      ["compat", null],
      ["thin", { transitions: "calendar_affecting" }],
    ]);
  });

  it("is one that the profile knows, when it is made and when it changes", async () => {
    const url = "http://127.0.0.1:9/";
    const refused = {
      code: "E_VALIDATION",
      details: {
        errors: [{ path: "body.payload_mode", message: expect.stringContaining("choose compat") }],
      },
    };
    await expect(
      fixture.destination(url, { profile: "crm", payload_mode: "thin" }),
    ).rejects.toMatchObject(refused);
    const { id } = await fixture.destination(url, { profile: "crm" });
    const author = hubAuthor(fixture.orgId);
    const change = updateDestination(fixture.deps, author, id, { payload_mode: "full" });
    await expect(change).rejects.toMatchObject(refused);
  });
});
