import {
  mappedEvents,
  mappedFields,
  mappedTimeFormats,
  type MappingInput,
  mappingSchema,
} from "@slotwire/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interpretation } from "../connector.ts";
import { explain } from "./explain.ts";
import { interpret } from "./interpret.ts";
import { pathProblem, readPath } from "./path.ts";
import { settingsSchema } from "./schema.ts";
import { verifySignature } from "./signature.ts";
import { hmacHex } from "../hmac.ts";
import { createHmac } from "node:crypto";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");

function read(body: unknown, mapping: unknown): Interpretation {
  const settings = mapping === null ? {} : { mapping };
  return interpret(body, { receivedAt, timeZone: "Europe/Stockholm", settings, headers: {} });
}

const body = {
  what: "made",
  id: 7,
  from: "2026-07-01 09:00",
  len: 45,
  who: { a: "Jan", b: "" },
  list: [{ k: "Phone", v: "+46 70 123 45 67" }],
  state: "OK",
  fee: 1250,
};
const base = {
  fields: {
    uid: { path: "$.id" },
    start: { path: "$.from" },
    duration: { path: "$.len" },
  },
} satisfies MappingInput;

const changeOf = (result: Interpretation) => {
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  return result;
};

describe("a message of any source", () => {
  test("waits while nobody has said what it means, and shows what it seems to tell", () => {
    expect(read({ eventType: "BOOKING_MADE" }, null)).toMatchObject({
      outcome: "failed",
      code: "E_NOT_MAPPED",
      waits: true,
      trigger: "BOOKING_MADE",
    });
  });

  test("an id may be a number, an end a duration, and a local time the organisation's", () => {
    const { change, warning } = changeOf(read(body, base));
    expect(change).toMatchObject({
      kind: "created",
      status: "confirmed",
      refs: { uid: "7" },
      fields: { startsAt: "2026-07-01T07:00:00.000Z", endsAt: "2026-07-01T07:45:00.000Z" },
      occurredAt: receivedAt.toISOString(),
    });
    expect(warning).toContain("Europe/Stockholm");
  });

  test("a told zone is the zone of its times, and nobody is warned", () => {
    const fields = { ...base.fields, time_zone: { constant: "America/New_York" } };
    const result = changeOf(read(body, { fields }));
    expect(result.change.fields.startsAt).toBe("2026-07-01T13:00:00.000Z");
    expect(result.warning).toBeUndefined();
  });

  test("templates, defaults and members of lists are read", () => {
    const fields = {
      ...base.fields,
      attendee_name: { template: "{$.who.a} {$.who.b}" },
      attendee_phone: { path: '$.list[?@.k == "Phone"].v' },
      title: { path: "$.title", default: "Visit" },
      price: { path: "$.fee" },
      currency: { constant: "sek" },
    };
    const { change } = changeOf(
      read(body, { fields, price_unit: "minor", metadata: { list: { path: "$.list" } } }),
    );
    expect(change.fields).toMatchObject({
      title: "Visit",
      attendees: [{ name: "Jan", phone: "+46 70 123 45 67" }],
      priceMinor: 1250,
      currency: "SEK",
      metadata: { list: body.list },
    });
  });

  test("prices are read as people of one country or another write them, and never guessed", () => {
    const fields = { ...base.fields, price: { path: "$.fee" }, currency: { constant: "EUR" } };
    const priced = (fee: unknown) => changeOf(read({ ...body, fee }, { fields }));
    for (const fee of ["12,50", "12.50", 12.5, "12,5"]) {
      expect(priced(fee).change.fields.priceMinor).toBe(1250);
    }
    for (const fee of ["1.234,50", "1,234.50", "1 234,50"]) {
      expect(priced(fee).change.fields.priceMinor).toBe(123_450);
    }
    const doubtful = priced("1.234");
    expect(doubtful.change.fields).not.toHaveProperty("priceMinor");
    expect(doubtful.warning).toContain("thousands");
    const mapping = mappingSchema.parse({ fields });
    const [shown] = explain({ ...body, fee: "1.234,50" }, mapping, "UTC").filter(
      ({ field }) => field === "price",
    );
    expect(shown).toMatchObject({ value: "1.234,50", meaning: "1234.50 EUR" });
  });

  test("words mean what they are said to mean, in upper and lower case alike", () => {
    const fields = { ...base.fields, event: { path: "$.what" } };
    expect(
      changeOf(read({ ...body, what: "MADE" }, { fields, events: { made: "requested" } })).change,
    ).toMatchObject({ kind: "requested", status: "pending" });
    expect(read(body, { fields, events: { made: "ignored" } })).toMatchObject({
      outcome: "ignored",
    });
    expect(read(body, { fields, events: {} })).toMatchObject({ waits: true, code: "E_NOT_MAPPED" });
    expect(read(body, { fields, other_events: "ignore" })).toMatchObject({ outcome: "ignored" });
    expect(read({ ...body, what: "constructor" }, { fields })).toMatchObject({ waits: true });
  });

  test("a state that ends a booking outdoes an event that leaves it open", () => {
    const fields = { ...base.fields, event: { path: "$.what" }, status: { path: "$.state" } };
    const mapping = {
      fields,
      events: { made: "updated" },
      statuses: { ok: "confirmed", off: "cancelled" },
    };
    expect(changeOf(read(body, mapping)).change).toMatchObject({
      kind: "updated",
      status: "confirmed",
    });
    expect(changeOf(read({ ...body, state: "off" }, mapping)).change).toMatchObject({
      kind: "cancelled",
      status: "cancelled",
      sourceStatus: "off",
    });
    expect(changeOf(read({ ...body, state: "?" }, mapping)).warning).toContain("status");
  });

  test.each([
    ["unix_seconds", 1_782_900_000, "2026-07-01T10:00:00.000Z"],
    ["unix_milliseconds", "1782900000000", "2026-07-01T10:00:00.000Z"],
    ["day_first", "01/07/2026 12:00", "2026-07-01T10:00:00.000Z"],
    ["day_first", "31.12.2026 2:30 PM", "2026-12-31T13:30:00.000Z"],
    ["month_first", "12/31/2026 2:30 PM", "2026-12-31T13:30:00.000Z"],
    ["day_first", "2026-07-01T12:00:00+02:00", "2026-07-01T10:00:00.000Z"],
    ["month_first", "2026-07-01T12:00:00+02:00", "2026-07-01T10:00:00.000Z"],
    ["day_first", "1.7.2026, 12:00", "2026-07-01T10:00:00.000Z"],
    ["month_first", "07/01/2026 12:00 PM", "2026-07-01T10:00:00.000Z"],
    ["iso", "2026-07-01 12:00 AM", "2026-06-30T22:00:00.000Z"],
    ["iso", "2026-07-01T12:00+02:00", "2026-07-01T10:00:00.000Z"],
  ])("times of the form %s are read: %s", (time_format, from, expected) => {
    const { change } = changeOf(read({ ...body, from }, { ...base, time_format }));
    expect(change.fields.startsAt).toBe(expected);
  });

  test("what cannot be read is said field by field", () => {
    const mapping = settingsSchema.parse({
      mapping: { fields: { start: { path: "$.what" }, title: { path: "$.who" } } },
    }).mapping;
    if (mapping === null) throw new Error("no mapping");
    const problems = explain(body, mapping, "Europe/Stockholm").filter(
      ({ problem }) => problem !== null,
    );
    expect(problems.map(({ field }) => field)).toEqual(["start", "title", "uid", "end"]);
  });
});

describe("a path", () => {
  test.each([
    "$..id",
    "$.*",
    "$[*].id",
    "$[0:2]",
    "$[?match(@.a, '(a+)+$')]",
    "$[?@.a[?@.b[?@.c]]]",
    "$[?$.a == $.b]",
    "id",
    "$.",
    "$['unclosed",
  ])("that may lead anywhere, or nowhere, is refused: %s", (path) => {
    expect(pathProblem(path)).not.toBeNull();
    expect(readPath(path, body)).toBeUndefined();
  });

  test.each([
    "$.__proto__",
    "$.constructor",
    "$.who.toString",
    "$['__proto__'].x",
    "$.list.length",
    "$.what.length",
  ])("leads to nothing that is not in the message: %s", (path) =>
    expect(readPath(path, body)).toBeUndefined(),
  );
});

describe("the source's own signature", () => {
  const message = Buffer.from("{}");
  const verify = (headers: Record<string, string>, settings: Readonly<Record<string, unknown>>) =>
    verifySignature({ body: message, headers, receivedAt }, ["a secret"], settings);

  test("is where and how the settings say", () => {
    const hex = hmacHex(message, "a secret");
    const base64 = createHmac("sha256", "a secret").update(message).digest("base64");
    const settings = { signature_header: "X-Hub-Signature-256", signature_prefix: "sha256=" };
    expect(verify({ "x-hub-signature-256": `sha256=${hex}` }, settings)).toBe("valid");
    expect(verify({ "x-hub-signature-256": hex }, settings)).toBe("invalid");
    expect(verify({ "x-signature": hex }, settings)).toBe("missing");
    expect(verify({ "x-signature": base64 }, { signature_encoding: "base64" })).toBe("valid");
  });
});

const path = fc.oneof(
  fc.constantFrom(
    "$.what",
    "$.id",
    "$.from",
    "$.len",
    "$.who",
    "$.list[0].v",
    "$.state",
    "$.fee",
    "$",
  ),
  fc.string({ minLength: 1, maxLength: 100, unit: "binary" }),
);
const expression = fc.oneof(
  fc.record({ path }),
  fc.record({ constant: fc.string({ minLength: 1, maxLength: 50, unit: "binary" }) }),
  fc.record({
    template: fc.array(path, { minLength: 1, maxLength: 3 }).map((all) =>
      all
        .map((one) => `{${one}}`)
        .join(" ")
        .slice(0, 500),
    ),
  }),
);
const mappings = fc.record({
  fields: fc.dictionary(fc.constantFrom(...mappedFields), expression, {
    maxKeys: mappedFields.length,
  }),
  events: fc.dictionary(
    fc.constantFrom("made", "x", "__proto__"),
    fc.constantFrom(...mappedEvents),
  ),
  time_format: fc.constantFrom(...mappedTimeFormats),
  metadata: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), expression, { maxKeys: 5 }),
});

test("any mapping makes of any JSON the same every time, and never throws", () => {
  const bodies = fc.oneof(fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }), fc.constant(body));
  fc.assert(
    fc.property(bodies, mappings, (given, mapping) => {
      const before = structuredClone(given);
      const first = read(given, mapping);
      expect(read(given, mapping)).toEqual(first);
      expect(given).toEqual(before);
      expect(JSON.stringify(first)).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
      const readings = explain(
        given,
        {
          other_events: "wait",
          statuses: {},
          duration_unit: "minutes",
          price_unit: "major",
          ...mapping,
        },
        "UTC",
      );
      expect(readings.length).toBeLessThan(60);
    }),
    { numRuns: 1000 },
  );
}, 60_000);
