import type { AuthMode, Mapping, Sample } from "@slotwire/contract";
import { expect, test } from "vitest";
import { curlExample } from "./curl-example.ts";
import {
  expressionOf,
  isComplete,
  isSameMapping,
  readsPath,
  withChosen,
  withExpression,
  wordsAt,
} from "./draft.ts";

const empty: Mapping = {
  fields: {},
  events: {},
  other_events: "wait",
  statuses: {},
  time_format: "iso",
  duration_unit: "minutes",
  price_unit: "major",
  metadata: {},
};

test("an expression is put in, found and taken out, for our fields and for values that are kept", () => {
  for (const target of ["title", "metadata.breed"]) {
    const mapped = withExpression(empty, target, { path: "$.a" });
    expect(expressionOf(mapped, target)).toEqual({ path: "$.a" });
    expect(withExpression(mapped, target, undefined)).toEqual(empty);
  }
});

test("a mapping can go live with an id, a start, and an end or a duration", () => {
  const begun = withExpression(empty, "uid", { path: "$.id" });
  const started = withExpression(begun, "start", { path: "$.start" });
  expect(isComplete(started)).toBe(false);
  expect(isComplete(withExpression(started, "end", { path: "$.end" }))).toBe(true);
  expect(isComplete(withExpression(started, "duration", { constant: "60" }))).toBe(true);
});

test("two mappings are the same in whatever order they were made", () => {
  const one = withExpression(withExpression(empty, "uid", { path: "$.a" }), "title", {
    path: "$.b",
  });
  const other = withExpression(withExpression(empty, "title", { path: "$.b" }), "uid", {
    path: "$.a",
  });
  expect(isSameMapping(one, other)).toBe(true);
  expect(isSameMapping(one, withExpression(other, "uid", { path: "$.c" }))).toBe(false);
  expect(isSameMapping(one, null)).toBe(false);
});

test("a path is read by itself and within a template, and no constant reads one", () => {
  expect(readsPath({ path: "$.a" }, "$.a")).toBe(true);
  expect(readsPath({ template: "{$.a} {$.b}" }, "$.b")).toBe(true);
  expect(readsPath({ template: "{$.ab}" }, "$.a")).toBe(false);
  expect(readsPath({ constant: "$.a" }, "$.a")).toBe(false);
});

test("the chosen sample stays the example of its shape when later messages come", () => {
  const sample = (id: string, path: string, count: number): Sample => ({
    message_id: id,
    received_at: "2026-01-01T00:00:00Z",
    trigger: "made",
    count,
    fields: [{ path, name: "id", depth: 0, kind: "text", value: id, others: [] }],
  });
  const chosen = sample("first", "$.ids[0]", 1);
  const other = sample("other", "$.id", 1);
  const later = sample("second", "$.ids[1]", 2);
  expect(withChosen([later, other], chosen)).toEqual([{ ...chosen, count: 2 }, other]);
  expect(withChosen([other], chosen)).toEqual([chosen, other]);
  expect(withChosen([other], undefined)).toEqual([other]);
});

test("the words of all messages behind the samples are told once each", () => {
  const sample = (value: string | null, others: string[] = []): Sample => ({
    message_id: "m",
    received_at: "2026-01-01T00:00:00Z",
    trigger: null,
    count: 1,
    fields: [{ path: "$.type", name: "type", depth: 0, kind: "text", value, others }],
  });
  const samples = [
    sample("made", ["gone", "moved"]),
    sample("made"),
    sample(null),
    sample("moved"),
  ];
  expect(wordsAt(samples, { path: "$.type" })).toEqual(["made", "gone", "moved"]);
  expect(wordsAt(samples, undefined)).toEqual([]);
});

test("an example for the command line proves itself as the connection's messages do", () => {
  const webhook_url = "https://hub.example/api/webhooks/generic/1";
  const example = (mode: AuthMode, settings = {}): string | null =>
    curlExample({ webhook_url, auth_modes: [mode], settings });
  expect(example("url_token")).toContain("/1/YOUR_TOKEN'");
  expect(example("bearer")).toContain("'Authorization: Bearer YOUR_SECRET'");
  expect(example("standard_webhooks")).toBeNull();
  const usual = example("source_signature");
  expect(usual).toContain("-hmac 'YOUR_SECRET' -hex |");
  expect(usual).toContain(`-H 'X-Signature: '"$SIGNATURE"`);
  const settings = {
    signature_header: "X-Sum",
    signature_encoding: "base64",
    signature_prefix: "v1=",
  };
  const own = example("source_signature", settings);
  expect(own).toContain("-binary | openssl base64 -A)");
  expect(own).toContain(`-H 'X-Sum: v1='"$SIGNATURE"`);
});
