import { describeConnector } from "../connector.contract.ts";
import { genericConnector } from "./connector.ts";
import { signedHeaders } from "./signature.ts";

const created = {
  event: "booking.made",
  sent_at: "2026-01-02T08:00:00Z",
  booking: {
    ref: "b-1",
    old_ref: null,
    begin: "2026-01-05T10:00:00+01:00",
    finish: "2198-12-31T00:00:00Z",
    zone: null,
    what: "Grooming",
    note: "The dog bites.",
    link: "https://meet.example/abc",
    guest: { first: "Jan", last: "Kowalski", email: "jan@mail.example", tel: "+48 600 100 200" },
    cost: "125.50",
    money: "SEK",
    answers: [
      { question: "Breed", answer: "Poodle" },
      { question: "Weight", answer: 7 },
    ],
  },
};

const told = (event: string, changes: object = {}) => ({
  ...created,
  event,
  booking: { ...created.booking, ...changes },
});

describeConnector("generic", {
  connector: genericConnector,
  sign: signedHeaders,
  settings: {
    mapping: {
      fields: {
        event: { path: "$.event" },
        uid: { path: "$.booking.ref" },
        previous_uid: { path: "$.booking.old_ref" },
        start: { path: "$.booking.begin" },
        end: { path: "$.booking.finish" },
        time_zone: { path: "$.booking.zone" },
        title: { path: "$.booking.what" },
        description: { path: "$.booking.note" },
        meeting_url: { path: "$.booking.link" },
        attendee_name: { template: "{$.booking.guest.first} {$.booking.guest.last}" },
        attendee_email: { path: "$.booking.guest.email" },
        attendee_phone: { path: "$.booking.guest.tel" },
        price: { path: "$.booking.cost" },
        currency: { path: "$.booking.money" },
        occurred_at: { path: "$.sent_at" },
        reason: { path: "$.booking.reason" },
        customer_ref: { path: "$.booking.customer" },
      },
      events: {
        "booking.made": "created",
        "booking.asked": "requested",
        "booking.moved": "rescheduled",
        "booking.off": "cancelled",
        "booking.refused": "rejected",
        "booking.begun": "started",
        "booking.over": "completed",
        "booking.missed": "no_show",
        "booking.not_missed": "no_show_cleared",
      },
      other_events: "ignore",
      metadata: {
        breed: { path: '$.booking.answers[?@.question == "Breed"].answer' },
        answers: { path: "$.booking.answers" },
      },
    },
  },
  samples: {
    created,
    requested: told("booking.asked"),
    rescheduled: told("booking.moved", { ref: "b-2", old_ref: "b-1" }),
    cancelled: told("booking.off", { reason: "ill" }),
    rejected: told("booking.refused"),
    started: told("booking.begun"),
    completed: told("booking.over"),
    no_show: told("booking.missed"),
    no_show_cleared: told("booking.not_missed"),
  },
  reschedulesUnderNewId: true,
  unknownTrigger: told("booking.teleported"),
  startIsMissing: "failed",
  localTimes: "a source may write its own time",
  withoutStart: told("booking.made", { begin: null }),
  withStart: (begin) => told("booking.made", { begin }),
});
