import type { IncomingBooking } from "@slotwire/contract";
import { ManualClock } from "../src/clock.ts";
import { type BookmeFixture, bookmeFixture } from "./bookme-fixture.ts";
import { withKey } from "./test-hub.ts";

/** What a route answered. */
export interface CrmAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

type Method = "GET" | "PATCH" | "POST";
type Headers = Readonly<Record<string, string>>;

/** A booking site and its CRM at 2031-05-01 08:00 UTC, and short ways to ask for what it has. */
export interface CrmFixture {
  readonly site: BookmeFixture;
  readonly clock: ManualClock;
  /** A workshop of somebody new, two weeks ahead unless told otherwise. */
  book(change?: object): Promise<IncomingBooking & { readonly body: Record<string, unknown> }>;
  /** Tells of what became of a booking, later than everything before. */
  tell(body: object, event: string, change?: object): Promise<IncomingBooking>;
  /** With the environment's key unless other headers are given. */
  ask<Body>(
    method: Method,
    url: string,
    options?: { readonly headers?: Headers; readonly body?: object },
  ): Promise<CrmAnswer<Body>>;
  /** Makes a booking somebody's: staff see it as their own. */
  assign(answer: IncomingBooking, providerEmail: string): Promise<void>;
}

/** Makes them, on a database of their own. Close `site` in `afterAll`. */
export async function crmFixture(): Promise<CrmFixture> {
  const clock = new ManualClock("2031-05-01T08:00:00.000Z");
  const site = await bookmeFixture({ clock });
  let no = 0;
  let minute = 0;
  const occurredAt = (): string => {
    minute += 1;
    return new Date(Date.UTC(2031, 4, 1, 6, minute)).toISOString();
  };
  return {
    site,
    clock,
    async book(change = {}) {
      no += 1;
      const letters = String(no).replaceAll(/\d/g, (digit) => "abcdefghij".charAt(Number(digit)));
      const body = {
        bookingId: `b-${no}`,
        eventType: "workshop",
        name: `Erik ${letters}`,
        email: `erik${no}@example.com`,
        scheduledDate: "2031-05-15T10:00:00Z",
        duration: 120,
        source: "bookme",
        event: "booking.created",
        occurredAt: occurredAt(),
        ...change,
      };
      return { ...(await site.book(body)), body };
    },
    tell: (body, event, change = {}) =>
      site.book({ ...body, event: `booking.${event}`, occurredAt: occurredAt(), ...change }),
    async ask<Body>(
      method: Method,
      url: string,
      { headers = withKey, body }: { readonly headers?: Headers; readonly body?: object } = {},
    ) {
      const sent = { method, url, headers: { ...headers }, ...(body && { payload: body }) };
      const answer = await site.app.inject(sent);
      return { status: answer.statusCode, body: answer.json<Body>() };
    },
    async assign({ activity }, providerEmail) {
      await site.query(
        `UPDATE booking SET provider_email = $2
          WHERE id = (SELECT booking_id FROM activity WHERE id = $1)`,
        [activity?.id, providerEmail],
      );
    },
  };
}
