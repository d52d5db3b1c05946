import { expect, it } from "vitest";
import { bookedVisit } from "./booked-visit.ts";

const visit = {
  uid: "abc",
  title: "Grooming",
  startTime: "2026-11-21T09:00:00.000Z",
  endTime: "2026-11-21T10:00:00.000Z",
  status: "ACCEPTED",
};

it("reads both of Cal.com's events alike", () => {
  expect(bookedVisit({ ...visit, paymentRequired: false })).toEqual(visit);
  expect(bookedVisit({ booking: visit, eventType: {}, confirmed: true })).toEqual(visit);
});

it("takes the date when the former event has no times", () => {
  const { startTime, uid } = bookedVisit({ booking: { uid: "abc" }, date: visit.startTime });
  expect([uid, startTime]).toEqual(["abc", visit.startTime]);
});

it.each([undefined, null, "text", 7, [], { uid: 7, booking: null }])("answers for %o", (data) => {
  expect(bookedVisit(data).uid).toBeNull();
});
