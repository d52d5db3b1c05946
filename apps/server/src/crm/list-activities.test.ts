import type { ActivityResource, IncomingBooking, List } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crmFixture, type CrmFixture } from "../../test/crm-fixture.ts";
import { createTestKey, createTestMember } from "../../test/key-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { withKey } from "../../test/test-hub.ts";

let crm: CrmFixture;
beforeAll(async () => {
  crm = await crmFixture();
});
afterAll(() => crm.site.close());

type Headers = Record<string, string>;
const list = async (query = "", headers: Headers = withKey): Promise<ActivityResource[]> => {
  const url = `/api/v1/activities?limit=200${query}`;
  const { status, body } = await crm.ask<List<ActivityResource>>("GET", url, { headers });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
};
const array = async (url: string, headers: Headers = withKey): Promise<ActivityResource[]> => {
  const { status, body } = await crm.ask<ActivityResource[]>("GET", url, { headers });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const idsOf = (activities: readonly ActivityResource[]) => activities.map(({ id }) => id);
const find = (activities: readonly ActivityResource[], { activity }: IncomingBooking) =>
  activities.find(({ id }) => id === activity?.id);

describe("an activity", () => {
  test("says what the seeds' components read", async () => {
    const made = await crm.book({ name: "Maria Test", meetingUrl: "https://meet.example/abc" });
    expect(find(await list(), made)).toEqual({
      id: made.activity?.id,
      type: "MEETING",
      subject: "workshop - Scheduled",
      description: expect.stringContaining("Meeting URL: https://meet.example/abc"),
      activityDate: "2031-05-15T10:00:00.000Z",
      durationMinutes: 120,
      status: "scheduled",
      lead: { id: made.lead?.id, title: "workshop - Maria Test" },
      contact: { id: made.contact?.id, name: "Maria Test" },
      booking_id: expect.any(String),
      time_zone: "Europe/Stockholm",
      metadata: {
        bookingId: made.body["bookingId"],
        meetingUrl: "https://meet.example/abc",
        source: "bookme",
      },
    });
  });

  test.each(["javascript:alert(1)", "data:text/html,hello", "ftp://files.example/x"])(
    "has no link to %s",
    async (url) => {
      const made = await crm.book();
      await crm.site.query(
        "UPDATE activity SET metadata = metadata || jsonb_build_object('meetingUrl', $2::text) WHERE id = $1",
        [made.activity?.id, url],
      );
      expect(find(await list(), made)?.metadata.meetingUrl).toBeNull();
    },
  );

  test("of no booking has the organisation's zone", async () => {
    const { activity, contact } = await crm.book();
    const [row] = await crm.site.query<{ id: string }>(
      `INSERT INTO activity (org_id, customer_id, type, subject, activity_at, status)
       SELECT org_id, customer_id, 'CALL', 'Called back', '2031-04-20T12:00:00Z', 'held'
         FROM activity WHERE id = $1 RETURNING id`,
      [activity?.id],
    );
    const calls = await list("&type=CALL");
    expect(calls).toMatchObject([
      { id: row?.id, time_zone: "Europe/Stockholm", booking_id: null, lead: null },
    ]);
    expect(idsOf(await list(`&customer_id=${contact?.id}`))).toEqual([activity?.id, row?.id]);
  });
});

describe("the list", () => {
  test("has the latest first; what is upcoming has the soonest first, and what is going on", async () => {
    const times = ["2031-05-20T10:00:00Z", "2031-05-01T07:30:00Z", "2031-05-02T10:00:00Z"];
    const made = [];
    for (const scheduledDate of times) made.push(await crm.book({ scheduledDate }));
    const [last, underWay, next] = made.map(({ activity }) => activity?.id ?? "");
    const over = await crm.book({ scheduledDate: "2031-05-01T04:00:00Z" });
    const cancelled = await crm.book();
    await crm.tell(cancelled.body, "cancelled");
    const ours = new Set([last, underWay, next, over.activity?.id, cancelled.activity?.id]);
    const upcoming = idsOf(await list("&upcoming=true")).filter((id) => ours.has(id));
    expect(upcoming).toEqual([underWay, next, last]);
    const all = idsOf(await list("&type=MEETING")).filter((id) => ours.has(id));
    expect(all).toEqual([last, cancelled.activity?.id, next, underWay, over.activity?.id]);
  });

  test.each(["", "&upcoming=true"])("comes page by page%s", async (query) => {
    const whole = idsOf(await list(query));
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? "" : `&cursor=${cursor}`;
      const url = `/api/v1/activities?limit=3${query}${from}`;
      const { body } = await crm.ask<List<ActivityResource>>("GET", url);
      paged.push(...idsOf(body.data));
      cursor = body.next_cursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  });

  test("is an array at the seeds' addresses", async () => {
    const made = await crm.book();
    const upcoming = await array("/api/activities?type=MEETING&upcoming=true");
    expect(upcoming).toEqual(await list("&type=MEETING&upcoming=true"));
    const ofLead = await array(`/api/leads/${made.lead?.id}/activities?type=MEETING`);
    expect(idsOf(ofLead)).toEqual([made.activity?.id]);
    expect(await array(`/api/leads/${made.lead?.id}/activities?type=CALL`)).toEqual([]);
    expect(await list(`&lead_id=${made.lead?.id}`)).toEqual(ofLead);
  });

  test("is refused a filter that there is not, and a lead that there is not", async () => {
    const misspelt = await crm.ask("GET", "/api/activities?typ=MEETING");
    expect(misspelt).toMatchObject({ status: 422, body: { code: "E_VALIDATION" } });
    const nobody = "00000000-0000-4000-8000-000000000000";
    const unknown = await crm.ask("GET", `/api/leads/${nobody}/activities`);
    expect(unknown).toMatchObject({ status: 404, body: { code: "E_NOT_FOUND" } });
    expect(await crm.ask("GET", "/api/activities", { headers: {} })).toMatchObject({ status: 401 });
  });
});

describe("who sees what", () => {
  const person = async (role: "staff" | "viewer" | "developer") => {
    const { hub } = crm.site;
    return createTestMember(hub, hub.defaultOrgId, role);
  };

  test("staff see the meetings of their own bookings, and nothing of the sales", async () => {
    const staff = await person("staff");
    const [own, other] = [await crm.book(), await crm.book()];
    await crm.assign(own, staff.email.toUpperCase());
    const seen = await list("", staff.headers);
    expect(idsOf(seen)).toEqual([own.activity?.id]);
    expect(seen[0]).toMatchObject({ lead: null, contact: { id: own.contact?.id } });
    expect(idsOf(await array("/api/activities", staff.headers))).toEqual([own.activity?.id]);
    expect(await list(`&customer_id=${other.contact?.id}`, staff.headers)).toEqual([]);
    expect(await list(`&lead_id=${own.lead?.id}`, staff.headers)).toEqual([]);
    const url = `/api/leads/${own.lead?.id}/activities`;
    expect(await crm.ask("GET", url, { headers: staff.headers })).toMatchObject({ status: 404 });
  });

  test("who is shown no contact data is shown none here", async () => {
    const { headers } = await person("viewer");
    const made = await crm.book({
      name: "call 0701234567",
      email: "secret@example.com",
      phone: "+46701234567",
      notes: "or write to secret@example.com",
      meetingUrl: "https://wa.me/46701234567",
      bookingId: "b-secret@example.com",
    });
    const seen = find(await list("", headers), made);
    expect(seen).toMatchObject({ status: "scheduled", metadata: { meetingUrl: null } });
    expect(JSON.stringify(seen)).not.toMatch(/secret|1234567/);
    expect(JSON.stringify(find(await list(), made))).toMatch(/secret@example\.com/);
  });

  test("a developer sees ids, states and times", async () => {
    const { headers } = await person("developer");
    const made = await crm.book({ notes: "a word" });
    const seen = find(await list("", headers), made);
    expect(seen).toMatchObject({
      subject: "",
      description: "",
      activityDate: "2031-05-15T10:00:00.000Z",
      lead: { id: made.lead?.id, title: "" },
      contact: { id: made.contact?.id, name: null },
      metadata: {},
    });
  });

  test("another organisation sees nothing of it", async () => {
    const { orgId } = await createTestOrganisation(crm.site.hub.db);
    const { headers } = await createTestKey(crm.site.hub, orgId);
    const made = await crm.book();
    expect(await list("", headers)).toEqual([]);
    expect(await list(`&lead_id=${made.lead?.id}`, headers)).toEqual([]);
    const url = `/api/leads/${made.lead?.id}/activities`;
    expect(await crm.ask("GET", url, { headers })).toMatchObject({ status: 404 });
  });

  test("a key needs a scope of customers", async () => {
    const { hub } = crm.site;
    const key = (scope: "bookings:read" | "customers:read") =>
      createTestKey(hub, hub.defaultOrgId, { scopes: [scope] });
    expect(await list("", (await key("customers:read")).headers)).not.toEqual([]);
    const { headers } = await key("bookings:read");
    expect(await crm.ask("GET", "/api/activities", { headers })).toMatchObject({ status: 403 });
  });
});
