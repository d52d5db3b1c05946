import type { CommandResource, List, Role } from "@slotwire/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CommandFixture, commandFixture } from "../../test/command-fixture.ts";
import { type Browser, createTestPerson, openBrowser } from "../../test/person-fixture.ts";
import { system } from "../db/database.ts";

const telling = "Jan (jan@mail.example) rang";
let hub: CommandFixture;
beforeAll(async () => {
  hub = await commandFixture();
});
afterAll(() => hub.close());

/** Signs somebody in; staff are the provider with the address. */
async function browserOf(role: Role, providerEmail: string | null = null): Promise<Browser> {
  const person = await createTestPerson(hub.hub, { role });
  await hub.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE membership SET provider_email = $1 WHERE user_id = $2", [
      providerEmail,
      person.userId,
    ]),
  );
  const browser = openBrowser(hub.app, hub.hub);
  await browser.signIn(person);
  return browser;
}

const listed = async (browser: Browser): Promise<CommandResource[]> =>
  (await browser.request("GET", "/api/v1/commands")).json<List<CommandResource>>().data;

it("whoever may change the booking asks, sees and withdraws; others see as much of it as of the booking", async () => {
  const { id: bookingId } = await hub.book();
  const own = await browserOf("staff", hub.calcom.host.email);
  const url = `/api/v1/bookings/${bookingId}`;
  const asked = await own.request("POST", `${url}/cancel`, { reason: telling });
  expect(asked.statusCode).toBe(202);
  const { id } = asked.json<CommandResource>();
  expect(asked.json()).toMatchObject({ reason: telling, requested_by: { name: "Kim Berg" } });

  const viewer = await browserOf("viewer");
  const [seen] = await listed(viewer);
  expect(seen).toMatchObject({ id, kind: "cancel" });
  expect(seen?.reason).not.toContain("jan@mail.example");
  expect((await viewer.request("GET", `${url}/timeline`)).body).not.toContain("jan@mail.example");
  expect((await viewer.request("DELETE", `/api/v1/commands/${id}`)).statusCode).toBe(403);
  expect((await viewer.request("GET", `${url}/actions`)).statusCode).toBe(403);

  const developer = await browserOf("developer");
  expect(await listed(developer)).toMatchObject([
    { id, reason: null, requested_by: { name: null } },
  ]);

  const other = await browserOf("staff", "somebody.else@barkbook.example");
  expect(await listed(other)).toEqual([]);
  expect((await other.request("GET", `/api/v1/commands/${id}`)).statusCode).toBe(404);
  expect((await other.request("DELETE", `/api/v1/commands/${id}`)).statusCode).toBe(404);
  expect((await other.request("POST", `${url}/cancel`, {})).statusCode).toBe(404);
  expect((await other.request("GET", `${url}/actions`)).statusCode).toBe(404);

  const withdrawn = await own.request("DELETE", `/api/v1/commands/${id}`);
  expect(withdrawn.json()).toMatchObject({ status: "withdrawn" });
});
