import {
  bookingEventSchema,
  type BookingEvent,
  type BookingResource,
  bookingSchema,
  inboundMessageDetailSchema,
  type InboundMessageDetail,
} from "@slotwire/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Contact,
  contactArbitrary,
  findContacts,
  tellingArbitrary,
  tellingUrlArbitrary,
} from "../../../test/personal-data.ts";
import { describeIdleMessage } from "../describe-message.ts";
import { maskEmail, maskPhone } from "./mask-contact.ts";
import { knownContacts, maskText } from "./known-contacts.ts";
import { maskUrl, maskValue } from "./mask-values.ts";
import { ownershipOf, providersOf } from "./own-event.ts";
import { redactBody, redactValue } from "./redact.ts";
import { showAttempt } from "./show-attempt.ts";
import { showBooking } from "./show-booking.ts";
import { showEvent, showTimelineEntry } from "./show-event.ts";
import { showMessageDetail } from "./show-message.ts";
import { isOwn } from "./view.ts";

const id = "0199a1b2-1234-7890-8123-456789012345";
const at = "2026-03-10T10:00:00.000Z";

/** A booking with somebody's address and number in all that a source or a person may fill. */
function bookingArbitrary(people: readonly [Contact, Contact, Contact]) {
  const [one, two, stranger] = people;
  const text = fc.constantFrom(...people).chain(tellingArbitrary);
  const metadata = fc.record({
    note: text,
    phone: fc.constant(stranger.phone),
    contactPhone: fc.constant(Number(stranger.phone.replaceAll(/\D/g, ""))),
    deep: fc.record({ list: fc.array(text, { maxLength: 2 }), dogs: fc.constant(2) }),
    answers: fc.record({
      q1: fc.record({ label: fc.constant("Your phone number?"), value: fc.constant(two.phone) }),
      q2: fc.record({ label: fc.constant("E-mail"), value: fc.constant(two.email) }),
      [stranger.email]: text,
    }),
  });
  return fc.record({
    id: fc.constant(id),
    booking_number: fc.constant(1001),
    version: fc.constant(3),
    status: fc.constant("cancelled" as const),
    source_status: text,
    status_reason: text,
    cancelled_by: fc.constantFrom(one.email, two.email),
    starts_at: fc.constant(at),
    ends_at: fc.constant(at),
    time_zone: fc.constant("Europe/Stockholm"),
    duration_minutes: fc.constant(60),
    title: text,
    description: text,
    location: text,
    meeting_url: fc.constantFrom(...people).chain(tellingUrlArbitrary),
    customer: fc.constant({ id, name: one.email, email: one.email, phone: one.phone }),
    attendees: fc.constant(
      [one, two].map(({ email, phone }) => ({
        name: email,
        email,
        phone,
        status: "accepted" as const,
        seat_ref: email,
      })),
    ),
    subjects: text.map((name) => [
      { id, kind: "pet" as const, name, breed: name, allergies: [name] },
    ]),
    provider: text.map((name) => ({ id: null, name, email: stranger.email })),
    service: fc.record({ id: fc.constant(null), key: text, name: text }),
    metadata,
    payment_status: fc.constant("paid" as const),
    price_minor: fc.constant(1250),
    currency: fc.constant("EUR"),
    seats: fc.constant(null),
    series_ref: fc.constant(two.email),
    owner_connection_id: fc.constant(id),
    external_refs: fc.constant([
      { connection_id: id, kind: "uid" as const, external_id: stranger.email, superseded_at: null },
      {
        connection_id: id,
        kind: "ical_uid" as const,
        external_id: `x-${one.email}`,
        superseded_at: null,
      },
      {
        connection_id: id,
        kind: "number" as const,
        external_id: two.phone.replaceAll(/\P{Nd}/gu, ""),
        superseded_at: null,
      },
    ]),
    created_at: fc.constant(at),
    updated_at: fc.constant(at),
    deleted_at: fc.constant(null),
  }) satisfies fc.Arbitrary<BookingResource>;
}

interface Case {
  readonly people: readonly [Contact, Contact, Contact];
  readonly booking: BookingResource;
  readonly before: BookingResource;
}
const caseArbitrary: fc.Arbitrary<Case> = fc
  .tuple(contactArbitrary, contactArbitrary, contactArbitrary)
  .chain((people) =>
    fc.record({
      people: fc.constant(people),
      booking: bookingArbitrary(people),
      before: bookingArbitrary(people),
    }),
  );

function eventOf(booking: BookingResource, before: BookingResource): BookingEvent {
  return {
    id,
    seq: 7,
    type: "booking.cancelled",
    event_type: "cancelled",
    occurred_at: at,
    recorded_at: at,
    booking_id: id,
    booking_version: 3,
    booking_number: 1001,
    old_status: "confirmed",
    new_status: "cancelled",
    changed_fields: ["title"],
    description: `Booking #1001 was cancelled: ${booking.status_reason}`,
    irregular: false,
    actor: { kind: "user", id, name: before.attendees[0]?.email ?? null },
    source: { connection_id: id, kind: "calcom" },
    data: {
      booking,
      previous: {
        ...before,
        // As the ledger writes them.
        attendees: before.attendees.map(({ seat_ref: seatRef, ...rest }) => ({ ...rest, seatRef })),
        external_refs: before.external_refs.slice(1).map((ref) => ref.external_id),
      },
    },
  };
}

describe("nobody's address or number is left", () => {
  test.each(["masked", "ids"] as const)("in a booking or an event that is shown %s", (detail) => {
    fc.assert(
      fc.property(caseArbitrary, ({ people, booking, before }) => {
        const shown = showBooking(booking, detail);
        expect(findContacts(shown, people)).toEqual([]);
        expect(bookingSchema.parse(shown)).toEqual(shown);
        const event = showEvent(eventOf(booking, before), detail);
        expect(findContacts(event, people)).toEqual([]);
        expect(bookingEventSchema.parse(event)).toEqual(event);
        const left = showEvent(eventOf(booking, before), "left");
        expect(findContacts(left, people)).toEqual([]);
        expect(left.data).toEqual({});
        expect(bookingEventSchema.parse(left)).toEqual(left);
        const { summary, trigger } = { summary: booking.title, trigger: booking.description };
        const message = {
          id,
          trigger,
          summary,
          warning: null,
          received_at: at,
          duplicate_count: 0,
        };
        const entry = { ...eventOf(booking, before), message };
        expect(findContacts(showTimelineEntry(entry, detail), people)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  test.each(["masked", "ids"] as const)("in a message or an answer that is shown %s", (detail) => {
    fc.assert(
      fc.property(caseArbitrary, fc.boolean(), ({ people, booking }, isJson) => {
        const payload = { triggerEvent: "BOOKING_CREATED", payload: booking, [booking.title]: 1 };
        const body = isJson ? JSON.stringify(payload) : `a,b\n${booking.title}`;
        const message: InboundMessageDetail = {
          id,
          connection_id: id,
          connection_name: "Cal.com",
          trigger: booking.title,
          status: "processed",
          action: "created",
          summary: booking.title,
          description: describeIdleMessage(booking.title, 1),
          warning: null,
          signature_state: "valid",
          booking_id: id,
          booking_number: 1,
          error_code: null,
          error: null,
          remedy: null,
          duplicate_count: 0,
          deliveries: 1,
          effects: 1,
          body_removed_at: null,
          received_at: at,
          processed_at: at,
          body,
          body_keys: null,
          body_sha256: "",
          headers: { "user-agent": booking.title },
          changes: [{ field: "title", old: booking.title, new: booking.attendees }],
          related: [],
          attempts: 0,
          next_attempt_at: null,
        };
        const shown = showMessageDetail(message, detail);
        expect(findContacts({ ...shown, body: parsed(shown.body) }, people)).toEqual([]);
        expect(inboundMessageDetailSchema.parse(shown)).toEqual(shown);
        const attempt = {
          no: 1,
          at,
          status_code: 200,
          error_class: null,
          error: null,
          request_headers: null,
          request_body: body,
          batch_delivery_ids: null,
          response_headers: { "x-echo": body },
          response_body: body,
          dns_ms: null,
          connect_ms: null,
          tls_ms: null,
          first_byte_ms: null,
          total_ms: 1,
        };
        const seen = showAttempt(attempt, detail);
        const bodies = [seen.request_body, seen.response_body].map((text) => parsed(text ?? ""));
        expect(findContacts({ bodies, headers: seen.response_headers }, people)).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  const parsed = (body: string): unknown => {
    try {
      return JSON.parse(body);
    } catch {
      return body;
    }
  };
});

describe("a masked booking", () => {
  const known = knownContacts(undefined);

  test("is the stored one for whoever may see all", () => {
    fc.assert(
      fc.property(caseArbitrary, ({ booking, before }) => {
        expect(showBooking(booking, "full")).toBe(booking);
        const event = eventOf(booking, before);
        expect(showEvent(event, "full")).toBe(event);
      }),
      { numRuns: 5 },
    );
  });

  test.each([
    ["anna@example.com", "a•••@e•••.com"],
    ["ab@cd.dk", "•••@•••.dk"],
    ["nobody", "•••"],
  ])("shows the e-mail address %s as %s", (email, masked) => {
    expect(maskEmail(email)).toBe(masked);
  });

  test.each([
    ["+45 12 34 56 78", "+45 •• •• •• 78"],
    ["0046701234567", "+46 •• •• •• 67"],
    ["070-123 45 67", "•• •• •• 67"],
    ["112", "•••"],
    ["by the door", "•••"],
  ])("shows the phone number %s as %s", (phone, masked) => {
    expect(maskPhone(phone)).toBe(masked);
  });

  test.each([
    "Wash and cut, 12/10/2026 at 12.00-14.00, booking 1001",
    "Moved from 2026-03-10 10:00 to 2026-03-11T10:00:00.000Z",
    "Room 4, 2 dogs, 1.200,50 kr",
    "0199a1b2-1234-7890-8123-456789012345",
    "@salon",
  ])("keeps what is neither: %s", (text) => {
    expect(maskText(text, known)).toBe(text);
  });

  test("keeps the links of meetings, numbers and all", () => {
    const link = "https://meeting.example/j/81234567890?pwd=abc";
    expect(maskUrl(link, known)).toBe(link);
  });

  test("hides numbers of an odd form that are known from its people", () => {
    const odd = { email: "eva at home", phone: "KALLE-12", name: null };
    const people = knownContacts(undefined, { attendees: [odd, { phone: "12345" }] });
    expect(maskText("Ask for kalle-12 or Eva at home, else 123 45", people)).toBe(
      "Ask for ••• or •••, else •••",
    );
  });

  test("keeps an answer that tells nothing", () => {
    const given = { sms: true, phoneConsent: "yes", dogs: 3, name: "Rex" };
    expect(maskValue(given, known)).toEqual(given);
  });

  test("takes no time that grows with the square of a text's length", () => {
    const long = (text: string) => text.repeat(Math.ceil(2 ** 17 / text.length));
    const parts = ["x", "1 ", "a@", "@ ", " at x", "%40", "%25", "&#64;", "1,000", "1 000", "(at)"];
    const texts = [...parts.map(long), `a@b${long(")")}x`, `a @ b${long(" dot b")}`, long("?to=1")];
    const people = knownContacts(undefined, {
      attendees: [{ email: "ada@example.com", phone: "+45 12 34 56 78" }],
    });
    for (const text of texts) {
      expect(maskText(text, people)).toBeTypeOf("string");
      expect(maskUrl(text, people) ?? "").toBeTypeOf("string");
      expect(maskValue(text, people, true)).toBeTypeOf("string");
    }
  });
});

describe("a redacted body", () => {
  test("keeps keys, types, ids, states and times", () => {
    const body = {
      triggerEvent: "BOOKING_CREATED",
      createdAt: at,
      payload: {
        uid: "bk_2hGx",
        bookingId: 91234567,
        title: "Wash for Rex",
        length: 60,
        price: 199.5,
        place: 55.676098,
        phone: 4512345678,
        whatsappId: "4512345678",
        attendees: [{ name: "Jan", timeZone: "Europe/Stockholm", noShow: false }],
        note: "",
        "Jan Hansen": null,
      },
    };
    expect(redactValue(body)).toEqual({
      triggerEvent: "BOOKING_CREATED",
      createdAt: at,
      payload: {
        uid: "bk_2hGx",
        bookingId: 91234567,
        title: "•••",
        length: 60,
        price: 199.5,
        place: 0,
        phone: 0,
        whatsappId: "•••",
        attendees: [{ name: "•••", timeZone: "Europe/Stockholm", noShow: false }],
        note: "",
        "•••11": null,
      },
    });
  });

  test("that is no JSON is not shown", () => {
    expect(redactBody("name=Jan")).toBe("•••");
    expect(redactBody("")).toBe("");
  });
});

describe("an event", () => {
  const own = { providerEmail: "anna@salon.example" };
  const event = (after: string | null, previous: Record<string, unknown> = {}) =>
    providersOf({
      data: {
        booking: { provider: after === null ? null : { email: after } } as BookingResource,
        previous,
      },
    });

  test("is theirs by the booking's provider, in any letters", () => {
    expect(ownershipOf(event("Anna@Salon.example"), own)).toBe("theirs");
    expect(ownershipOf(event("bo@salon.example"), own)).toBe("foreign");
    expect(ownershipOf(event(null), own)).toBe("foreign");
    expect(ownershipOf(event("bo@salon.example"), null)).toBe("theirs");
  });

  test("by which a booking left them tells them so, however it was written", () => {
    const given = event("bo@salon.example", { provider: { name: null, email: own.providerEmail } });
    expect(ownershipOf(given, own)).toBe("left");
    expect(ownershipOf(event(null, { provider_email: own.providerEmail }), own)).toBe("left");
    expect(ownershipOf(event("bo@salon.example", { provider: null }), own)).toBe("foreign");
  });

  test("is nobody's for whoever has no address", () => {
    for (const address of [null, "", undefined, "x@y.z"]) {
      expect(isOwn({ providerEmail: null }, address)).toBe(false);
    }
  });
});
