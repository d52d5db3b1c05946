import { randomInt } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { BookingEvent, StreamGap } from "@slotwire/contract";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import { visit } from "../../test/make-booking.ts";
import type { ApiError } from "../api-error.ts";
import { createTransport } from "../transport.ts";
import type { EventFilter } from "./event-filter.ts";
import { createLiveFeed, type FeedOptions, type LiveFeed } from "./live-feed.ts";
import type { LiveSubscriber } from "./subscription.ts";

const anna = { id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" };
const ewa = { id: "5e9f1a3c-0000-4000-8000-000000000002", email: "ewa@salon.example" };

let hub: FlakyHub;
let feeds: LiveFeed[];
beforeEach(async () => {
  hub = await openFlakyHub();
  hub.members = [anna, ewa];
  feeds = [];
});
afterEach(async () => {
  for (const feed of feeds) feed.close();
  await hub.close();
});

function open(options: FeedOptions = {}): LiveFeed {
  const transport = createTransport({ baseUrl: hub.baseUrl });
  const feed = createLiveFeed(transport, { reconnectDelays: [1], ...options });
  feeds.push(feed);
  return feed;
}

interface Followed {
  readonly seqs: number[];
  readonly gaps: StreamGap[];
  readonly starts: { readonly seqs: number[]; readonly position: number }[];
  readonly leave: () => void;
}

const seqsOf = (events: readonly BookingEvent[]): number[] => events.map(({ seq }) => seq);

function follow(feed: LiveFeed, subscriber: LiveSubscriber = {}): Followed {
  const seqs: number[] = [];
  const gaps: StreamGap[] = [];
  const starts: { seqs: number[]; position: number }[] = [];
  const leave = feed.subscribe({
    onStart: (events, position) => starts.push({ seqs: seqsOf(events), position }),
    onEvent: ({ seq }) => seqs.push(seq),
    onGap: (gap) => gaps.push(gap),
    ...subscriber,
  });
  return { seqs, gaps, starts, leave };
}

const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 10_000, interval: 5 });
const untilLive = (feed: LiveFeed): Promise<void> =>
  until(() => expect(feed.state.status).toBe("live"));

describe("where a subscription begins", () => {
  test("now, when it says nothing else", async () => {
    hub.append(3);
    const followed = follow(open());
    await until(() => expect(followed.starts).toEqual([{ seqs: [], position: 3 }]));
    hub.append(2);
    await until(() => expect(followed.seqs).toEqual([4, 5]));
    expect(hub.pages).toEqual([]);
  });

  test("with the newest events that pass its filter, in one page", async () => {
    const feed = open();
    follow(feed);
    await untilLive(feed);
    const types = ["booking.cancelled"] as const;
    for (let round = 0; round < 4; round += 1) {
      hub.add({ type: "booking.cancelled" });
      hub.append(1);
    }
    const { starts, seqs } = follow(feed, { recent: 3, filter: { types } });
    hub.add({ type: "booking.cancelled" });
    const last = (): number[] => [...(starts[0]?.seqs ?? []), ...seqs].slice(-3);
    await until(() => expect(last()).toEqual([5, 7, 9]));
    expect(starts).toHaveLength(1);
    expect(hub.pages).toHaveLength(1);
    expect(hub.positions).toHaveLength(1);
  });

  test("hears of the newest events one by one when it has no start", async () => {
    hub.append(5);
    const feed = open();
    const seqs: number[] = [];
    feed.subscribe({ recent: 2, onEvent: ({ seq }) => seqs.push(seq) });
    await until(() => expect(seqs).toEqual([4, 5]));
  });

  test("behind its position, over as many pages as it takes", async () => {
    hub.append(10);
    hub.pageSize = 3;
    const followed = follow(open(), { after: 2 });
    await until(() => expect(followed.seqs).toEqual([3, 4, 5, 6, 7, 8, 9, 10]));
    hub.append(1);
    await until(() => expect(followed.seqs.at(-1)).toBe(11));
    expect(followed.starts).toEqual([{ seqs: [], position: 2 }]);
    expect(followed.gaps).toEqual([]);
  });

  test("tells of a gap when the log does not reach to its position", async () => {
    hub.append(2);
    const followed = follow(open(), { after: 90 });
    await until(() => expect(followed.gaps).toHaveLength(1));
    hub.append(1);
    await until(() => expect(followed.seqs).toEqual([3]));
  });

  test("tells of no gap to who has left when it began", async () => {
    hub.append(2);
    const feed = open();
    const leave = (): void => followed.leave();
    const followed = follow(feed, { after: 90, onStart: leave });
    const other = follow(feed, { after: 90 });
    await until(() => expect(other.gaps).toHaveLength(1));
    await until(() => expect(feed.subscriptionCount).toBe(1));
    expect(followed.gaps).toEqual([]);
  });

  test("holds back what happens while its page is on its way", async () => {
    const feed = open();
    const other = follow(feed);
    await untilLive(feed);
    hub.append(3);
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    hub.pageBehaviours = [{ after: () => held }, {}];
    const { starts, seqs } = follow(feed, { recent: 10 });
    await until(() => expect(hub.pages).toHaveLength(1));
    hub.append(2);
    await until(() => expect(other.seqs).toEqual([1, 2, 3, 4, 5]));
    expect(seqs).toEqual([]);
    release();
    await until(() => expect(seqs).toEqual([4, 5]));
    expect(starts).toEqual([{ seqs: [1, 2, 3], position: 3 }]);
    expect(hub.pages).toHaveLength(1);
  });

  test("asks again for a page that did not come", async () => {
    hub.append(2);
    const lost = { answer: (response: { destroy(): unknown }) => void response.destroy() };
    hub.pageBehaviours = [lost, lost, {}];
    const { starts } = follow(open(), { recent: 1 });
    await until(() => expect(starts).toEqual([{ seqs: [2], position: 2 }]));
    expect(hub.pages).toHaveLength(3);
  });

  test("asks again where something in between answers with JSON of its own", async () => {
    hub.append(2);
    const headers = { "content-type": "application/json" };
    const foreign = {
      answer: (response: ServerResponse) => void response.writeHead(200, headers).end("{}"),
    };
    hub.pageBehaviours = [foreign, {}];
    const { starts } = follow(open(), { recent: 1 });
    await until(() => expect(starts).toEqual([{ seqs: [2], position: 2 }]));
  });
});

test("ids and addresses are taken in any case of letters", async () => {
  const feed = open();
  const id = "5e9f1a3c-0000-4000-8000-0000000000aa";
  const filters: EventFilter[] = [
    { bookingId: id.toUpperCase() },
    { customerId: id.toUpperCase() },
    { userId: anna.id.toUpperCase() },
    { provider: anna.id.toUpperCase() },
    { provider: anna.email.toUpperCase() },
    { location: "SALON" },
  ];
  const all = filters.map((filter) => follow(feed, { filter }));
  for (const { starts } of all) await until(() => expect(starts).toHaveLength(1));
  hub.add({
    booking_id: id,
    data: visit({ customer: id, provider: anna.email, location: "Salon" }),
  });
  for (const { seqs } of all) await until(() => expect(seqs).toEqual([1]));
});

describe("what the hub refuses", () => {
  const refuse =
    (status: number, code = "E_VALIDATION") =>
    (response: ServerResponse): void => {
      const problem = { type: "t", title: "No", status, code, remedy: "Look at the filter." };
      response.writeHead(status).end(JSON.stringify(problem));
    };
  const none = "5e9f1a3c-0000-4000-8000-0000000000ff";

  test.each([400, 403, 404, 422])("is said once, and asked for no more: %i", async (status) => {
    hub.pageBehaviours = [{ answer: refuse(status) }];
    const feed = open();
    const other = follow(feed);
    await untilLive(feed);
    const errors: ApiError[] = [];
    const followed = follow(feed, {
      filter: { bookingId: none },
      onError: (error) => errors.push(error),
    });
    await until(() => expect(errors).toHaveLength(1));
    expect(errors[0]).toMatchObject({ status, code: "E_VALIDATION" });
    expect(errors[0]?.problem.remedy).toBe("Look at the filter.");
    hub.add({ booking_id: none });
    await until(() => expect(other.seqs).toEqual([1]));
    feed.retry();
    hub.append(1);
    await until(() => expect(other.seqs).toEqual([1, 2]));
    expect(followed).toMatchObject({ seqs: [], starts: [], gaps: [] });
    expect(hub.pages).toHaveLength(1);
    expect(errors).toHaveLength(1);
  });

  test("may be over soon when something in between says it", async () => {
    hub.append(1);
    const behaviours = [404, 422].map((status) => ({ answer: refuse(status, "E_HTTP") }));
    hub.pageBehaviours = [...behaviours, {}];
    const { starts } = follow(open(), { recent: 1, onError: () => expect.fail() });
    await until(() => expect(starts).toEqual([{ seqs: [1], position: 1 }]));
  });

  test("to the reader itself is not asked for again before the reader is let in", async () => {
    hub.append(1);
    hub.behaviours = [{ answer: refuse(403) }];
    hub.pageBehaviours = [{ answer: refuse(403) }];
    const feed = open();
    const { starts } = follow(feed, { recent: 1, onError: () => expect.fail() });
    await until(() => expect(feed.state.status).toBe("denied"));
    await until(() => expect(hub.pages).toHaveLength(1));
    // As many turns as it takes a delay of a millisecond to be over.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
    expect([hub.pages, hub.positions]).toMatchObject([{ length: 1 }, { length: 1 }]);
    hub.behaviours = [{}];
    hub.pageBehaviours = [{}];
    feed.retry();
    await until(() => expect(starts).toEqual([{ seqs: [1], position: 1 }]));
  });

  test("is told by a stream of its own too, which is opened again with the others", async () => {
    hub.isMasked = true;
    const feed = open();
    const filter = { provider: anna.email };
    const errors: number[] = [];
    const followed = follow(feed, { filter, onError: ({ status }) => errors.push(status) });
    await until(() => expect(hub.positions).toHaveLength(2));

    hub.behaviours = [{ answer: refuse(401) }];
    feed.retry();
    hub.drop();
    await until(() => expect(feed.state.status).toBe("denied"));
    await until(() => expect(hub.openConnections()).toBe(0));
    hub.behaviours = [{}];
    feed.retry();
    await until(() => expect(hub.openConnections()).toBe(2));
    hub.add({ data: visit({ provider: anna.email }) });
    await until(() => expect(followed.seqs).toEqual([1]));
    expect(errors).toEqual([]);

    hub.behaviours = [{ answer: refuse(422) }];
    const refused = follow(feed, { filter, onError: ({ status }) => errors.push(status) });
    await until(() => expect(errors).toEqual([422]));
    expect(refused.seqs).toEqual([]);
  });
});

describe("filters", () => {
  const booking = "5e9f1a3c-0000-4000-8000-00000000000b";
  const customer = "5e9f1a3c-0000-4000-8000-00000000000c";
  const actor = { kind: "user", id: anna.id, name: "Anna" } as const;
  const was = (previous: Record<string, unknown>, facts = {}): Partial<BookingEvent> => ({
    changed_fields: Object.keys(previous),
    data: { ...visit(facts), previous },
  });
  /** None of them is about nothing: each has a booking. */
  const events: readonly Partial<BookingEvent>[] = [
    { data: visit({}) },
    { data: visit({}), booking_id: booking },
    { data: visit({ customer }) },
    was({ customer: { id: customer, name: "Jan" } }),
    { data: visit({ provider: "Anna@Salon.example" }) },
    was({ provider: { email: anna.email } }, { provider: ewa.email }),
    { data: visit({}), actor },
    { data: visit({ location: "Front Street 1" }) },
    was({ location: "front street 1" }),
    { data: visit({}), type: "booking.cancelled" },
    { data: visit({ customer, provider: anna.email }), type: "booking.cancelled" },
  ];
  const cases: [EventFilter, number[]][] = [
    [{ bookingId: booking }, [2]],
    [{ customerId: customer }, [3, 4, 11]],
    [{ provider: "ANNA@salon.example" }, [5, 6, 11]],
    [{ provider: anna.id }, [5, 6, 11]],
    [{ provider: ewa.id }, [6]],
    [{ userId: anna.id }, [5, 6, 7, 11]],
    [{ userId: "me" }, [5, 6, 7, 11]],
    [{ location: "FRONT street 1" }, [8, 9]],
    [{ types: ["booking.cancelled", "booking.created"] }, [10, 11]],
    [{ types: ["booking.cancelled"], customerId: customer, userId: anna.id }, [11]],
    [{ userId: ewa.id, provider: anna.id }, [6]],
    [{ provider: "nobody@salon.example" }, []],
  ];

  test.each(cases)("%o", async (filter, expected) => {
    const feed = open();
    const all = follow(feed);
    const followed = follow(feed, { filter });
    await until(() => expect(followed.starts).toHaveLength(1));
    for (const event of events) hub.add(event);
    await until(() => expect(all.seqs).toHaveLength(events.length));
    await until(() => expect(followed.seqs).toEqual(expected));
    // What the hub itself finds is the same.
    const history = follow(feed, { filter, recent: 200 });
    await until(() => expect(history.starts[0]?.seqs).toEqual(expected));
  });

  test.each([
    ["a number", { bookingId: 5 }, { booking_id: "5" }],
    ["one type that is no list", { types: "booking.cancelled" }, { types: "booking.cancelled" }],
    ["nothing for a word", { bookingId: null, location: "Salon" }, { location: "salon" }],
  ])("take %s as it is", async (_, filter, query) => {
    const feed = open();
    const followed = follow(feed, { filter: filter as unknown as EventFilter });
    await until(() => expect(followed.starts).toHaveLength(1));
    expect(hub.pages).toEqual([{ ...query, recent: "0" }]);
    hub.add({
      booking_id: "5",
      type: "booking.cancelled",
      data: visit({ location: "Salon" }),
    });
    await until(() => expect(followed.seqs).toEqual([1]));
  });

  test("that there are none of are sent to the hub, which refuses them", async () => {
    follow(open(), { filter: { booking: "5" } as EventFilter });
    await until(() => expect(hub.pages).toEqual([{ booking: "5", recent: "0" }]));
  });

  test("are none when they are null", async () => {
    const followed = follow(open(), { filter: null as unknown as EventFilter });
    await until(() => expect(followed.starts).toHaveLength(1));
    hub.append(1);
    await until(() => expect(followed.seqs).toEqual([1]));
    expect(hub.pages).toEqual([]);
  });

  test("let pass what has no booking: it is no longer the reader's", async () => {
    const feed = open();
    const filter = { customerId: customer, userId: anna.id, location: "x" };
    const followed = follow(feed, { filter });
    const other = follow(feed, { filter: { ...filter, bookingId: booking } });
    await until(() => expect(followed.starts.length + other.starts.length).toBe(2));
    hub.append(1);
    hub.add({ booking_id: booking });
    await until(() => expect(followed.seqs).toEqual([1, 2]));
    expect(other.seqs).toEqual([2]);
  });

  test("are left to the hub where addresses are not shown", async () => {
    hub.isMasked = true;
    hub.add({ data: visit({ provider: anna.email }) });
    const feed = open();
    const followed = follow(feed, { filter: { provider: anna.email }, recent: 5 });
    await until(() => expect(hub.positions).toContain("1"));
    expect(followed.starts).toEqual([{ seqs: [1], position: 1 }]);
    hub.add({ data: visit({ provider: ewa.email }) });
    hub.add({ data: visit({ provider: anna.email }) });
    await until(() => expect(followed.seqs).toEqual([3]));
    followed.leave();
    feed.close();
    await until(() => expect(hub.openConnections()).toBe(0));
  });
});

describe("over everything that can happen", () => {
  test("no subscription gets an event twice, out of order, or not at all", async () => {
    const kinds = ["append", "join", "filtered", "behind", "leave", "cut", "retry"] as const;
    const steps = fc.array(fc.constantFrom(...kinds), { minLength: 10, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, (all) => isExact(all)),
      { numRuns: 25, endOnFailure: true },
    );
  }, 60_000);
});

interface Expectation {
  readonly followed: Followed;
  /** What it has to have in the end, by its own words of where it began. */
  readonly has: (event: BookingEvent) => boolean;
}

async function isExact(steps: readonly string[]): Promise<void> {
  const ownHub = await openFlakyHub();
  ownHub.members = [anna];
  ownHub.pageSize = 3;
  const soon = (): Promise<unknown> =>
    new Promise((resolve) => setTimeout(resolve, randomInt(0, 4)));
  const lost = { answer: (response: { destroy(): unknown }) => void response.destroy() };
  ownHub.pageBehaviours = [
    ...Array.from({ length: 200 }, () =>
      randomInt(0, 6) === 0 ? lost : { before: soon, after: soon },
    ),
    {},
  ];
  const feed = createLiveFeed(createTransport({ baseUrl: ownHub.baseUrl }), {
    reconnectDelays: [1],
  });
  const expectations: Expectation[] = [];
  const isAnnas = ({ data }: BookingEvent): boolean => data.booking?.provider?.email === anna.email;
  const cutSoon = (): void => {
    ownHub.behaviours = [{ cutAfter: randomInt(1, 4000) }, { cutAfter: randomInt(1, 4000) }, {}];
    feed.retry();
  };
  const deeds: Record<string, () => void> = {
    append: () => {
      for (let left = randomInt(1, 6); left > 0; left -= 1) {
        const provider = randomInt(0, 2) === 0 ? anna.email : ewa.email;
        ownHub.add({ data: visit({ provider }) });
      }
    },
    join: () => void expectations.push({ followed: follow(feed, { recent: 2 }), has: () => true }),
    filtered: () => {
      const followed = follow(feed, { filter: { userId: "me" }, recent: randomInt(0, 5) });
      expectations.push({ followed, has: isAnnas });
    },
    behind: () => {
      const after = randomInt(0, ownHub.log.length + 1);
      expectations.push({ followed: follow(feed, { after }), has: () => true });
    },
    leave: () => expectations.shift()?.followed.leave(),
    cut: cutSoon,
    retry: () => feed.retry(),
  };
  try {
    deeds["join"]?.();
    for (const step of steps) {
      deeds[step]?.();
      if (randomInt(0, 2) === 0) await soon();
    }
    deeds["append"]?.();
    ownHub.add({ data: visit({ provider: anna.email }) });
    for (const { followed, has } of expectations) {
      const last = (): unknown => followed.seqs.at(-1) ?? followed.starts[0]?.position;
      await until(() => expect(last()).toBe(ownHub.log.length));
      const begun = followed.starts[0]?.position ?? 0;
      const wanted = ownHub.log.filter((event) => event.seq > begun && has(event));
      expect(followed.seqs).toEqual(seqsOf(wanted));
      const before = ownHub.log.filter((event) => event.seq <= begun && has(event));
      const early = followed.starts[0]?.seqs ?? [];
      expect(early).toEqual(seqsOf(before).slice(before.length - early.length));
      expect(followed.gaps).toEqual([]);
    }
  } finally {
    feed.close();
    await ownHub.close();
  }
}
