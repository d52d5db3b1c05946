import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeSourceApi, startFakeSourceApi } from "../../../test/fake-source-api.ts";
import type { SourceApi } from "../connector.ts";
import { SourceApiError } from "../source-api-error.ts";
import { squareApi } from "./api.ts";
import { squareFixture } from "./fixtures.ts";

const booking = squareFixture("booking_moved").data.object.booking;
const answers: Readonly<Record<string, unknown>> = {
  "/v2/bookings/zkras0xv0xwswx": { booking },
  "/v2/customers/EX2QSVGTZN4K1E5QE1CBFNVQ8M": {
    customer: {
      given_name: "Jan",
      family_name: "Kowalski",
      email_address: "jan@mail.example",
      phone_number: "+48601234567",
    },
  },
  "/v2/catalog/object/RU3PBTZTK7DXZDQFCJHOK2MC?include_related_objects=true": {
    object: {
      id: "RU3PBTZTK7DXZDQFCJHOK2MC",
      item_variation_data: {
        item_id: "ITEM",
        name: "Small dog",
        price_money: { amount: 12_000, currency: "PLN" },
      },
    },
    related_objects: [{ id: "ITEM", item_data: { name: "Grooming" } }],
  },
  "/v2/team-members/TMXUrsBWWcHTt79t": {
    team_member: { given_name: "Ewa", family_name: "Nowak", email_address: "ewa@barkbook.example" },
  },
  "/v2/locations/LEQHH0YY8B42M": {
    location: {
      name: "BarkBook",
      timezone: "Europe/Warsaw",
      address: { address_line_1: "ul. Psia 7", locality: "Kraków" },
    },
  },
};

let fake: FakeSourceApi;
let api: SourceApi;
beforeAll(async () => {
  fake = await startFakeSourceApi(() => ({}));
  const access = { baseUrl: fake.url, key: "EAAA-key", fetch, timeZone: "UTC", settings: {} };
  api = squareApi.open(access);
});
beforeEach(() => {
  fake.requests.length = 0;
  fake.reply = ({ path }) =>
    path in answers ? { body: answers[path] } : { status: 404, body: { errors: [] } };
});
afterAll(() => fake.close());

test("a booking comes with its customer, service, price, person and place", async () => {
  const reported = await api.getBooking("zkras0xv0xwswx");
  expect(reported).toMatchObject({
    label: "Grooming, Small dog",
    change: {
      kind: "updated",
      status: "confirmed",
      sourceSequence: 1,
      refs: { uid: "zkras0xv0xwswx" },
      fields: {
        startsAt: "2026-01-06T13:30:00.000Z",
        timeZone: "Europe/Warsaw",
        title: "Grooming, Small dog",
        serviceName: "Grooming, Small dog",
        location: "BarkBook, ul. Psia 7, Kraków",
        priceMinor: 12_000,
        currency: "PLN",
        provider: { name: "Ewa Nowak", email: "ewa@barkbook.example" },
        attendees: [{ name: "Jan Kowalski", email: "jan@mail.example", phone: "+48601234567" }],
      },
    },
  });
  for (const { headers } of fake.requests) {
    expect(headers).toMatchObject({ authorization: "Bearer EAAA-key" });
    expect(headers["square-version"]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
});

test("what the key may not see is left out", async () => {
  const { reply } = fake;
  fake.reply = (request) =>
    request.path.startsWith("/v2/bookings/") ? reply(request) : { status: 403 };
  const reported = await api.getBooking("zkras0xv0xwswx");
  expect(reported?.change.fields).not.toHaveProperty("attendees");
  expect(reported?.change.fields.startsAt).toBe("2026-01-06T13:30:00.000Z");
});

test("what may come later is tried again with the whole", async () => {
  const { reply } = fake;
  fake.reply = (request) =>
    request.path.startsWith("/v2/customers/") ? { status: 503 } : reply(request);
  await expect(api.getBooking("zkras0xv0xwswx")).rejects.toMatchObject({ problem: "unavailable" });
});

test("an unknown booking is none, and a wrong key says why", async () => {
  expect(await api.getBooking("nobody")).toBeNull();
  fake.reply = () => ({ status: 401, body: { errors: [{ detail: "The token has expired." }] } });
  const refused = api.getBooking("zkras0xv0xwswx");
  await expect(refused).rejects.toThrow(SourceApiError);
  await expect(refused).rejects.toMatchObject({
    problem: "unauthorised",
    message: "The token has expired.",
  });
});

test("an answer of another form is no booking", async () => {
  for (const body of [null, [], { booking: {} }, { booking: { ...booking, start_at: "x" } }]) {
    fake.reply = () => ({ body });
    await expect(api.getBooking("id")).rejects.toMatchObject({ problem: "unavailable" });
  }
});
