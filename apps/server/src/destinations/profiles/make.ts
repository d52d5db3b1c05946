import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { majorUnits } from "../../domain/major-units.ts";
import { joinAsArray } from "./join-as-array.ts";
import { judgeByStatus } from "./judge-by-status.ts";
import {
  jsonHeaders,
  type Profile,
  type ReceivedAnswer,
  TEST_TYPE,
  type Verdict,
} from "./profile.ts";
import { thinEvent } from "./thin-event.ts";

/** What existing Make.com scenarios expect to find as the sender. */
const SOURCE = "contract-management-system";

interface Person {
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
}

/** The body of a Make.com scenario's custom webhook. */
interface MakeWebhookPayload {
  readonly event_id: string;
  readonly event_type: string;
  readonly event_time: string;
  /** With these two a scenario drops what is out of date. */
  readonly sequence: number;
  readonly occurred_at: string;
  readonly source: typeof SOURCE;
  /** The event without its booking. */
  readonly booking_event: Omit<BookingEvent, "data">;
  readonly booking_details?: BookingDetails;
  readonly client_info?: Person;
  readonly provider_info?: Person;
  readonly system: { readonly environment: string; readonly timestamp: string };
}

type BookingDetails = ReturnType<typeof bookingDetails>;

/**
 * Make.com. A `text/plain` body would arrive as one field, so it is always JSON. Make does not
 * check signatures; its webhooks can ask for a key in `x-make-apikey` instead.
 */
export const makeProfile: Profile = {
  name: "make",
  modes: ["thin", "full"],
  personalModes: ["full"],
  // Its gateway takes 300 requests in 10 s.
  defaults: { rate_per_second: 25 },
  encode(event, { payloadMode }) {
    const { data, ...bookingEvent } = payloadMode === "full" ? event : thinEvent(event);
    const body: MakeWebhookPayload = {
      event_id: event.id,
      event_type: event.event_type,
      event_time: event.occurred_at,
      sequence: event.seq,
      occurred_at: event.occurred_at,
      source: SOURCE,
      booking_event: bookingEvent,
      ...(data.booking !== undefined ? context(data.booking) : {}),
      system: { environment: "production", timestamp: event.recorded_at },
    };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeBatch: joinAsArray,
  encodeTest(target, at) {
    const body = {
      event_id: `test-${target.id}`,
      event_type: TEST_TYPE,
      event_time: at.toISOString(),
      source: SOURCE,
      booking_event: null,
      system: { environment: "test", timestamp: at.toISOString() },
    };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  judge: judgeMake,
  keyHeader: (key) => ({ name: "x-make-apikey", value: key }),
};

/**
 * 200 means that Make put it into the scenario's queue. 400 is both a full queue, which empties,
 * and a body that the scenario's data structure refuses, which will never pass.
 */
function judgeMake(answer: ReceivedAnswer): Verdict {
  const { statusCode, responseBody } = answer;
  const isFinal = statusCode >= 400 && statusCode < 500 && ![408, 410, 429].includes(statusCode);
  if (!isFinal) return judgeByStatus(answer);
  return statusCode === 400 && /queue is full/i.test(responseBody ?? "") ? "retry" : "reject";
}

function context(
  booking: BookingResource,
): Pick<MakeWebhookPayload, "booking_details" | "client_info" | "provider_info"> {
  const client = clientOf(booking);
  return {
    booking_details: bookingDetails(booking),
    ...(client === null ? {} : { client_info: client }),
    ...(booking.provider === null ? {} : { provider_info: booking.provider }),
  };
}

function bookingDetails(booking: BookingResource) {
  const { price_minor: price, currency } = booking;
  return {
    id: booking.id,
    booking_number: String(booking.booking_number),
    client_id: booking.customer?.id ?? null,
    provider_id: booking.provider?.id ?? null,
    status: booking.status,
    total_price: price === null ? null : majorUnits(price, currency),
    currency,
    title: booking.title,
    description: booking.description,
    starts_at: booking.starts_at,
    ends_at: booking.ends_at,
    time_zone: booking.time_zone,
    duration_minutes: booking.duration_minutes,
    location: booking.location,
    meeting_url: booking.meeting_url,
    service: booking.service?.name ?? booking.service?.key ?? null,
  };
}

/** The customer, or whoever comes first while nobody has been recognised as a customer. */
function clientOf(booking: BookingResource): Person | null {
  if (booking.customer !== null) {
    const { id, name, email } = booking.customer;
    return { id, name, email };
  }
  const [first] = booking.attendees;
  return first === undefined ? null : { id: null, name: first.name, email: first.email };
}
