import fc from "fast-check";
import { expect, test } from "vitest";
import { acuityAppointment } from "./fixtures.ts";
import { reportAppointment } from "./report.ts";

const context = {
  askedAt: "2026-01-04T08:00:00.250Z",
  asOf: "2026-01-04T08:00:00.000Z",
  timeZone: "Europe/Warsaw",
  currency: "PLN",
};
const changeOf = (changes: Record<string, unknown> = {}) =>
  reportAppointment(acuityAppointment(changes), context)?.change;

test("an appointment is read field by field", () => {
  expect(reportAppointment(acuityAppointment(), context)).toEqual({
    change: {
      kind: "created",
      refs: { uid: "54321", previousUid: null, icalUid: null },
      occurredAt: "2026-01-04T08:00:00.250Z",
      sourceSequence: null,
      status: "confirmed",
      sourceStatus: "confirmed",
      statusReason: null,
      cancelledBy: null,
      onePerson: true,
      fields: {
        startsAt: "2026-01-05T09:00:00.000Z",
        endsAt: "2026-01-05T10:00:00.000Z",
        timeZone: "Europe/Warsaw",
        title: "Grooming",
        description: "Burek is shy.",
        location: "ul. Psia 7, Kraków",
        provider: { name: "Ewa Nowak", email: null },
        serviceKey: "4711",
        serviceName: "Grooming",
        attendees: [
          {
            name: "Jan Kowalski",
            email: "jan.kowalski@mail.example",
            phone: "+48601234567",
            status: "accepted",
            seatRef: null,
          },
        ],
        metadata: {
          answers: { "1": { label: "How long is the coat?", value: "Long" } },
          labels: ["Shy"],
          calendar_id: 27_238,
          client_time_zone: "Europe/London",
          confirmation_page: "https://acuityscheduling.com/schedule.php?owner=11145481&action=appt",
        },
        paymentStatus: "paid",
        priceMinor: 12_000,
        currency: "PLN",
      },
    },
    nextUid: null,
    label: "Grooming",
    asOf: "2026-01-04T08:00:00.000Z",
  });
});

test.each([
  [{ canceled: true }, "cancelled", "cancelled"],
  [{ canceled: true, noShow: false }, "cancelled", "cancelled"],
  [{ canceled: true, noShow: true }, "no_show", "no_show"],
  [{ canceled: false, noShow: true }, "created", "confirmed"],
])("%j is %s", (changes, kind, status) => {
  expect(changeOf(changes)).toMatchObject({ kind, status });
});

test("a place in a class is of a series, and a link is a link", () => {
  const location = "https://zoom.us/j/1";
  expect(changeOf({ classID: 99, location })?.fields).toMatchObject({
    seriesRef: "99",
    meetingUrl: location,
  });
});

test("a price without a currency is left out; what costs nothing is not paid", () => {
  const without = reportAppointment(acuityAppointment(), { ...context, currency: "" });
  expect(without?.change.fields).not.toHaveProperty("priceMinor");
  expect(changeOf({ price: "0.00", paid: "yes" })?.fields).not.toHaveProperty("paymentStatus");
});

test("an appointment without usable times is none", () => {
  for (const wrong of [
    { datetime: null },
    { datetime: "tomorrow" },
    { duration: "x" },
    { duration: -1 },
  ]) {
    expect(changeOf(wrong)).toBeUndefined();
  }
});

test("an amount or a length that cannot become a number is none", () => {
  const stubborn = { toString: "" };
  expect(reportAppointment(acuityAppointment({ duration: stubborn }), context)).toBeNull();
  const free = reportAppointment(acuityAppointment({ paid: "yes", price: stubborn }), context);
  expect(free?.change.fields).not.toHaveProperty("paymentStatus");
});

test("any answer is an appointment or none", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), (value) => {
      expect(reportAppointment(value, context)).toBeNull();
      for (const field of Object.keys(acuityAppointment())) {
        const reported = reportAppointment(acuityAppointment({ [field]: value }), context);
        expect(JSON.stringify(reported)).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
      }
    }),
    { numRuns: 50 },
  );
});
