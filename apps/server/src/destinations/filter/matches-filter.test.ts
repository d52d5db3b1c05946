import type { BookingEvent, BookingResource, DestinationFilter } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { exampleEvent } from "../../../test/example-event.ts";
import { matchesFilter } from "./matches-filter.ts";

type Change = Partial<BookingEvent>;

const event = (change: Change): BookingEvent => ({
  ...exampleEvent,
  changed_fields: [],
  ...change,
});

/** From one status to another; `new` is how a booking begins. */
const step = (
  from: BookingEvent["new_status"] | "new",
  to: BookingEvent["new_status"],
): Change => ({
  old_status: from === "new" ? null : from,
  new_status: to,
  changed_fields: from === "new" ? [] : ["status"],
});

const still = (status: BookingEvent["new_status"], ...fields: string[]): Change => ({
  old_status: status,
  new_status: status,
  changed_fields: fields,
});

const of = (booking: Partial<BookingResource>, previous: Record<string, unknown> = {}): Change => {
  if (exampleEvent.data.booking === undefined) throw new Error("the example has a booking");
  return { data: { booking: { ...exampleEvent.data.booking, ...booking }, previous } };
};

const connection = "01920000-0000-7000-8000-0000000000aa";
const other = "01920000-0000-7000-8000-0000000000bb";
const ref = {
  connection_id: connection,
  kind: "uid",
  external_id: "u",
  superseded_at: null,
} as const;
const service = { id: null, key: "workshop", name: "Workshop" };
const deleted = { type: "booking.deleted", event_type: "deleted" } as const;

type Row = readonly [words: string, filter: DestinationFilter, change: Change, passes: boolean];

const pairs = (...list: [string, string][]): DestinationFilter => ({
  transitions: list.map(([from, to]) => ({ from, to })) as never,
});

const transitions: readonly Row[] = [
  ["all: a change of status", { transitions: "all" }, step("confirmed", "checked_in"), true],
  ["all: how a booking begins", { transitions: "all" }, step("new", "pending"), true],
  ["all: a move", { transitions: "all" }, still("confirmed", "starts_at"), false],
  ["both: there", { transitions: "confirmed_cancelled" }, step("confirmed", "cancelled"), true],
  ["both: and back", { transitions: "confirmed_cancelled" }, step("cancelled", "confirmed"), true],
  ["both: another", { transitions: "confirmed_cancelled" }, step("confirmed", "no_show"), false],
  ["both: a new one", { transitions: "confirmed_cancelled" }, step("new", "confirmed"), false],
  ["pair: the same", pairs(["pending", "rejected"]), step("pending", "rejected"), true],
  ["pair: the other way", pairs(["pending", "rejected"]), step("rejected", "pending"), false],
  ["pair: from any", pairs(["*", "cancelled"]), step("in_progress", "cancelled"), true],
  ["pair: to any", pairs(["confirmed", "*"]), step("confirmed", "completed"), true],
  ["pair: new", pairs(["new", "confirmed"]), step("new", "confirmed"), true],
  ["pair: any is also new", pairs(["*", "confirmed"]), step("new", "confirmed"), true],
  ["pair: no change", pairs(["*", "*"]), still("confirmed", "title"), false],
  ["pair: the second", pairs(["a", "b"], ["pending", "*"]), step("pending", "cancelled"), true],
];

const calendar: readonly Row[] = (
  [
    ["a new booking takes a slot", step("new", "confirmed"), true],
    ["a new request holds one", step("new", "pending"), true],
    ["a booking that begins cancelled takes none", step("new", "cancelled"), false],
    ["a request becomes firm", step("pending", "confirmed"), true],
    ["a cancellation frees it", step("confirmed", "cancelled"), true],
    ["a reinstatement takes it again", step("cancelled", "confirmed"), true],
    ["who is here takes the same slot", step("confirmed", "checked_in"), false],
    ["a rejected one was cancelled before", step("cancelled", "rejected"), false],
    ["a move", still("confirmed", "starts_at", "ends_at"), true],
    ["another end", still("pending", "ends_at"), true],
    ["another provider", still("confirmed", "provider"), true],
    ["another place", still("confirmed", "location"), true],
    ["a move of what is free", still("cancelled", "starts_at", "ends_at"), false],
    ["another title", still("confirmed", "title", "metadata"), false],
    ["a deletion", { ...still("cancelled", "deleted_at"), ...deleted }, true],
    ["a return from deletion", still("confirmed", "deleted_at"), true],
  ] as const
).map(([words, change, passes]) => [words, { transitions: "calendar_affecting" }, change, passes]);

const others: readonly Row[] = [
  [
    "connection: the owner",
    { connection_ids: [connection] },
    of({ owner_connection_id: connection }),
    true,
  ],
  [
    "connection: an id of its",
    { connection_ids: [connection] },
    of({ external_refs: [ref] }),
    true,
  ],
  [
    "connection: who told",
    { connection_ids: [connection] },
    { source: { connection_id: connection, kind: "calcom" } },
    true,
  ],
  ["connection: another", { connection_ids: [other] }, of({ external_refs: [ref] }), false],
  ["provider: by address", { providers: ["maja@example.com"] }, {}, true],
  [
    "provider: in any case",
    { providers: ["maja@example.com"] },
    of({ provider: { id: null, name: null, email: "Maja@Example.com" } }),
    true,
  ],
  ["provider: another", { providers: ["else@example.com"] }, {}, false],
  ["provider: none", { providers: ["maja@example.com"] }, of({ provider: null }), false],
  [
    "provider: theirs before",
    { providers: ["old@example.com"] },
    of({}, { provider: { name: "Old", email: "old@example.com" } }),
    true,
  ],
  [
    "provider: theirs before, as plain SQL tells it",
    { providers: ["old@example.com"] },
    of({}, { provider_email: "old@example.com" }),
    true,
  ],
  ["service: by key", { services: ["workshop"] }, of({ service }), true],
  ["service: none", { services: ["workshop"] }, {}, false],
  ["service: before", { services: ["workshop"] }, of({}, { service_key: "workshop" }), true],
  ["metadata: there", { metadata: [{ key: "vip" }] }, of({ metadata: { vip: null } }), true],
  ["metadata: not there", { metadata: [{ key: "vip" }] }, {}, false],
  ["metadata: not of every object", { metadata: [{ key: "constructor" }] }, {}, false],
  [
    "metadata: a value",
    { metadata: [{ key: "plan", in: ["a", "b"] }] },
    of({ metadata: { plan: "b" } }),
    true,
  ],
  [
    "metadata: another value",
    { metadata: [{ key: "plan", in: ["a"] }] },
    of({ metadata: { plan: "b" } }),
    false,
  ],
  ["metadata: a number", { metadata: [{ key: "n", in: ["7"] }] }, of({ metadata: { n: 7 } }), true],
  [
    "metadata: one of a list",
    { metadata: [{ key: "tags", in: ["x"] }] },
    of({ metadata: { tags: ["y", "x"] } }),
    true,
  ],
  [
    "metadata: all conditions",
    { metadata: [{ key: "a" }, { key: "b" }] },
    of({ metadata: { a: 1 } }),
    false,
  ],
  ["metadata: as before", { metadata: [{ key: "a" }] }, of({}, { metadata: { a: 1 } }), true],
  [
    "metadata: not half before, half now",
    { metadata: [{ key: "a" }, { key: "b" }] },
    of({ metadata: { b: 1 } }, { metadata: { a: 1 } }),
    false,
  ],
  [
    "every part has to hold",
    { transitions: "all", services: ["workshop"] },
    step("new", "confirmed"),
    false,
  ],
  ["an empty filter", {}, {}, true],
];

describe("a destination's filter", () => {
  it.each([...transitions, ...calendar, ...others])("%s", (_words, filter, change, passes) => {
    expect(matchesFilter(event(change), filter) === null).toBe(passes);
  });

  it("lets everything through where there is none", () => {
    expect(matchesFilter(exampleEvent, null)).toBeNull();
  });

  it.each([
    [{ transitions: "confirmed_cancelled" }, "transitions (confirmed_cancelled)"],
    [{ transitions: [{ from: "new", to: "*" }] }, "transitions (new to *)"],
    [{ connection_ids: [other] }, "connections"],
    [{ providers: ["else@example.com"] }, "providers"],
    [{ services: ["workshop"] }, "services"],
    [{ metadata: [{ key: "vip" }] }, "metadata (vip)"],
  ] satisfies [DestinationFilter, string][])("says which part held back: %o", (filter, words) => {
    expect(matchesFilter(event(still("confirmed", "title")), filter)).toContain(
      `filter's ${words}`,
    );
  });
});
