import { describe, expect, test } from "vitest";
import fc from "fast-check";
import type { ChangeKind } from "../domain/booking.ts";
import type {
  ConnectionSettings,
  Connector,
  Interpretation,
  InterpretContext,
  RawMessage,
} from "./connector.ts";

/** What a source can tell. Each connector shows a body for it, or says why it cannot. */
export type Ability =
  | "created"
  | "requested"
  | "rescheduled"
  | "cancelled"
  | "rejected"
  | "started"
  | "completed"
  | "no_show"
  | "no_show_cleared";

/** The body of a message as a JSON value. */
export type Sample = Readonly<Record<string, unknown>>;
export type Cannot = { readonly cannot: string };

/** What the suite needs to know of a connector. */
export interface ConnectorSetup {
  readonly connector: Connector;
  /** The headers that its source sends with this body. */
  readonly sign: (body: Buffer, secret: string) => Readonly<Record<string, string>>;
  /** About one and the same booking; `rescheduled` names it by its old id. */
  readonly samples: Readonly<Record<Ability, Sample | Cannot>>;
  /** Whether a reschedule gives a booking a new id at the source. */
  readonly reschedulesUnderNewId: boolean;
  /** A message of a trigger that the connector has never heard of. */
  readonly unknownTrigger: Sample;
  /** What becomes of it; `ignored` unless given. */
  readonly unknownIs?: "failed";
  /** Why its messages only name a booking, for the source's API to tell; absent when they tell it. */
  readonly thin?: string;
  /** What becomes of a creation without a start; `ignored` unless given. */
  readonly startIsMissing?: "failed";
  /** Why a start has no offset, or no end can lie before it; absent where both are told. */
  readonly localTimes?: string;
  readonly tellsDuration?: string;
  /** Settings of the connection; none unless given. */
  readonly settings?: ConnectionSettings;
  /** A creation with its start taken out, replaced, or put behind its end. */
  readonly withoutStart: Sample;
  readonly withStart: (start: unknown) => Sample;
}

const secret = "secret of the contract suite";
/** Where the signed messages are posted to. */
export const contractUrl = "https://hub.example/api/webhooks/kind/id";
const receivedAt = new Date("2026-01-10T12:00:00.000Z");

function contextOf({ settings = {} }: ConnectorSetup): InterpretContext {
  return { receivedAt, timeZone: "Europe/Stockholm", settings, headers: {} };
}

/**
 * The suite that every connector passes, whatever system it talks to.
 * @param name the connector's kind
 */
export function describeConnector(name: string, setup: ConnectorSetup): void {
  describe(`${name}: the contract of connectors`, () => {
    describeSignature(setup);
    describeSamples(setup);
    describeBadInput(setup);
    if (setup.thin === undefined) describeTimes(setup);
    describeTotality(setup);
  });
}

function describeSignature({ connector, sign, samples }: ConnectorSetup): void {
  const body = Buffer.from(JSON.stringify(samples.created));
  const message = (changes: Partial<RawMessage> = {}): RawMessage => ({
    body,
    headers: sign(body, secret),
    receivedAt,
    url: contractUrl,
    ...changes,
  });

  test("a signed message is valid", () => {
    expect(connector.verify(message(), [secret])).toBe("valid");
  });

  test("any of several secrets will do", () => {
    expect(connector.verify(message(), ["another", secret])).toBe("valid");
    expect(connector.verify(message(), [secret, "another"])).toBe("valid");
  });

  test("another secret is invalid, and so are none and an empty one", () => {
    expect(connector.verify(message(), ["another"])).toBe("invalid");
    expect(connector.verify(message(), [])).toBe("invalid");
    const headers = sign(body, "");
    expect(connector.verify(message({ headers }), [""])).toBe("invalid");
  });

  test("one flipped bit anywhere in the body is invalid", () => {
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.nat(7), (at, bit) => {
        const tampered = Buffer.from(body);
        tampered[at] = (tampered[at] ?? 0) ^ (1 << bit);
        expect(connector.verify(message({ body: tampered }), [secret])).toBe("invalid");
      }),
    );
  });

  test("the signature is not among the headers that are kept", () => {
    for (const header of Object.keys(sign(body, secret))) {
      if (header !== "content-type") expect(connector.keptHeaders).not.toContain(header);
    }
  });

  test("an unsigned message is missing its signature", () => {
    expect(connector.verify(message({ headers: {} }), [secret])).toBe("missing");
  });

  test("garbage in place of a signature is invalid and never throws", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "binary" }), (garbage) => {
        const headers = Object.fromEntries(
          Object.keys(sign(body, secret)).map((key) => [key, garbage]),
        );
        expect(connector.verify(message({ headers }), [secret])).not.toBe("valid");
      }),
    );
  });
}

const kinds: Readonly<Record<Ability, ChangeKind>> = {
  created: "created",
  requested: "requested",
  rescheduled: "rescheduled",
  cancelled: "cancelled",
  rejected: "rejected",
  started: "started",
  completed: "completed",
  no_show: "no_show",
  no_show_cleared: "no_show_cleared",
};

function describeSamples(setup: ConnectorSetup): void {
  const context = contextOf(setup);
  const { connector, samples, reschedulesUnderNewId } = setup;
  for (const [ability, sample] of Object.entries(samples) as [Ability, Sample | Cannot][]) {
    if ("cannot" in sample) {
      test.skip(`says ${ability}: it cannot, ${String(sample["cannot"])}`, () => {});
      continue;
    }
    test.runIf(setup.thin !== undefined)(`${ability} is asked for at the source`, () => {
      expect(connector.interpret(sample, context)).toMatchObject({ outcome: "fetch" });
      expectSound(connector.interpret(sample, context));
    });
    test.runIf(setup.thin === undefined)(`${ability} becomes a change of that kind`, () => {
      const { change } = asChange(connector.interpret(sample, context));
      expect(change.kind).toBe(kinds[ability]);
      expectSound(connector.interpret(sample, context));
    });
  }

  test("understanding leaves the message as it was, and is the same every time", () => {
    for (const sample of Object.values(samples)) {
      const before = structuredClone(sample);
      const first = connector.interpret(sample, context);
      expect(sample).toEqual(before);
      expect(connector.interpret(before, context)).toEqual(first);
    }
  });

  test.runIf(reschedulesUnderNewId)("a reschedule names the booking's old id", () => {
    const created = asChange(connector.interpret(samples.created, context)).change;
    const rescheduled = asChange(connector.interpret(samples.rescheduled, context)).change;
    expect(rescheduled.refs?.previousUid).toBe(created.refs?.uid);
    expect(rescheduled.refs?.uid).not.toBe(created.refs?.uid);
  });
}

function describeBadInput(setup: ConnectorSetup): void {
  const { connector, samples, unknownTrigger, unknownIs = "ignored" } = setup;
  const context = contextOf(setup);
  test(`an unknown trigger is ${unknownIs}, and the reason names it`, () => {
    const result = connector.interpret(unknownTrigger, context);
    expect(result.outcome).toBe(unknownIs);
    expect("reason" in result && result.reason).toContain(result.trigger);
  });

  test.each([[null], [[]], ["text"], [7], [true], [{}], [[samples.created]]])(
    "a body that is no message is failed: %j",
    (body) => {
      expect(connector.interpret(body, context)).toMatchObject({
        outcome: "failed",
        trigger: null,
      });
    },
  );
}

function describeTimes(setup: ConnectorSetup): void {
  const context = contextOf(setup);
  const { connector, withoutStart, withStart } = setup;
  test.runIf(setup.startIsMissing === "failed")("a creation without a start is failed", () => {
    const result = connector.interpret(withoutStart, context);
    expect(result).toMatchObject({ outcome: "failed", code: "E_MESSAGE_SHAPE" });
  });

  test.runIf(setup.startIsMissing === undefined)(
    "a creation without a start is ignored with a reason",
    () => {
      const result = connector.interpret(withoutStart, context);
      expect(result.outcome).toBe("ignored");
      expect(result.outcome === "ignored" && result.reason).toMatch(/^missing start/);
    },
  );

  test.each([
    "tomorrow",
    "2026-02-30T10:00:00Z",
    "2026-01-05",
    ...(setup.localTimes === undefined ? ["2026-01-05T10:00:00"] : []),
    "9999-01-01T00:00:00Z",
    "1969-12-31T23:00:00Z",
    "\u0000",
  ])("a start that is no time is failed: %j", (start) => {
    const result = connector.interpret(withStart(start), context);
    expect(result).toMatchObject({ outcome: "failed", code: "E_TIME_INVALID" });
  });

  test.runIf(setup.localTimes !== undefined)(
    "a start without an offset is the organisation's time, and people are told",
    () => {
      const result = asChange(connector.interpret(withStart("2026-01-05T10:00:00"), context));
      expect(result.change.fields.startsAt).toBe("2026-01-05T09:00:00.000Z");
      expect(result.warning).toContain("Europe/Stockholm");
    },
  );

  test.runIf(setup.tellsDuration === undefined)("an end before its start is failed", () => {
    const result = connector.interpret(withStart("2199-01-01T00:00:00Z"), context);
    expect(result).toMatchObject({ outcome: "failed", code: "E_TIME_ORDER" });
  });

  test("any offset is read as the instant it means", () => {
    const expected = asChange(connector.interpret(withStart("2025-12-31T23:30:00.000Z"), context));
    for (const same of [
      "2026-01-01T00:30:00+01:00",
      "2025-12-31T23:30:00Z",
      "2025-12-31T18:30:00.000000-05:00",
    ]) {
      const { change } = asChange(connector.interpret(withStart(same), context));
      expect(change.fields.startsAt).toBe("2025-12-31T23:30:00.000Z");
      expect(change).toEqual(expected.change);
    }
  });
}

function describeTotality(setup: ConnectorSetup): void {
  const { connector, samples } = setup;
  const context = contextOf(setup);
  test("any JSON value has one of the three outcomes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), (body) => {
        expectSound(connector.interpret(body, context));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  test("a message with any part replaced has one of the three outcomes", () => {
    const bodies = Object.values(samples).filter((sample) => !("cannot" in sample));
    const mutated = fc
      .tuple(
        fc.constantFrom(...bodies),
        fc.array(fc.tuple(fc.nat(), oddValue), { minLength: 1, maxLength: 4 }),
      )
      .map(([body, changes]) =>
        changes.reduce((sum, [at, value]) => replaceAt(sum, at, value), body as unknown),
      );
    fc.assert(
      fc.property(mutated, (body) => {
        expectSound(connector.interpret(body, context));
      }),
      { numRuns: 700 },
    );
  }, 60_000);
}

const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2, stringUnit: "binary" }),
  fc.constantFrom(
    "\u0000",
    "a\u0000b",
    "\uD800",
    "\uDC00x",
    "",
    " ",
    "x".repeat(100_000),
    "2026-13-01T00:00:00Z",
    "2026-01-05T10:00:00+23:59",
    "javascript:alert(1)",
    "__proto__",
    -1,
    1e300,
    Number.MAX_SAFE_INTEGER,
  ),
  fc.constant(Array.from({ length: 2000 }, () => ({ email: "a@b.example", name: "\u0000" }))),
  fc.constant(
    Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`key ${at}`, "v".repeat(3000)])),
  ),
);

/** A copy of the value with its nth part, counted in depth-first order, replaced. */
function replaceAt(value: unknown, at: number, replacement: unknown): unknown {
  const paths = pathsOf(value, []);
  const path = paths[at % Math.max(paths.length, 1)];
  if (path === undefined || path.length === 0) return replacement;
  const copy = structuredClone(value);
  let parent = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  parent[path.at(-1) ?? ""] = replacement;
  return copy;
}

function pathsOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const below = Object.entries(value).slice(0, 60);
  return [
    ...(path.length === 0 ? [] : [path]),
    ...below.flatMap(([key, inner]) => pathsOf(inner, [...path, key])),
  ];
}

function asChange(result: Interpretation): Extract<Interpretation, { outcome: "change" }> {
  if (result.outcome !== "change") throw new Error(`no change: ${JSON.stringify(result)}`);
  return result;
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** What the ledger may rely on, whatever came in. */
function expectSound(result: Interpretation): void {
  expect(["change", "fetch", "ignored", "failed"]).toContain(result.outcome);
  const text = JSON.stringify(result);
  // PostgreSQL's jsonb takes neither; JSON.stringify writes both as escapes.
  expect(text).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
  expect((result.trigger ?? "").length).toBeLessThanOrEqual(100);
  if (result.outcome === "fetch") {
    expect(result.id).not.toBe("");
    expect(result.id.length).toBeLessThanOrEqual(500);
    return;
  }
  if (result.outcome !== "change") {
    expect(result.reason).not.toBe("");
    expect(result.reason.length).toBeLessThanOrEqual(500);
    return;
  }
  expect(result.summary.length).toBeLessThanOrEqual(300);
  expectSoundChange(result.change);
}

function expectSoundChange({
  refs,
  fields,
  ...change
}: Extract<Interpretation, { outcome: "change" }>["change"]): void {
  expect(change.occurredAt).toMatch(instant);
  for (const id of [refs?.uid, refs?.previousUid, refs?.icalUid]) {
    expect((id ?? "").length).toBeLessThanOrEqual(500);
  }
  expect(refs?.uid).not.toBe("");
  // A start alone moves a visit that takes as long as before; an end alone says nothing.
  if (fields.endsAt !== undefined) expect(fields.startsAt).toBeDefined();
  if (fields.startsAt !== undefined) expect(fields.startsAt).toMatch(instant);
  if (fields.startsAt !== undefined && fields.endsAt !== undefined) {
    expect(fields.startsAt).toMatch(instant);
    expect(fields.endsAt).toMatch(instant);
    expect(Date.parse(fields.endsAt)).toBeGreaterThanOrEqual(Date.parse(fields.startsAt));
  }
  expect((fields.title ?? "").length).toBeLessThanOrEqual(500);
  expect((fields.description ?? "").length).toBeLessThanOrEqual(5000);
  expect((fields.attendees ?? []).length).toBeLessThanOrEqual(500);
  expect(Object.keys(fields.metadata ?? {}).length).toBeLessThanOrEqual(50);
  expect(Buffer.byteLength(JSON.stringify(fields.metadata ?? {}))).toBeLessThanOrEqual(16_384);
  expect(fields.meetingUrl ?? "https://").toMatch(/^https?:\/\//i);
  expect(fields.timeZone).not.toBe("");
}
