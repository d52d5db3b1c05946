import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventStreamParser, type StreamMessage } from "./event-stream-parser.ts";

function parse(chunks: readonly Uint8Array[]): StreamMessage[] {
  const parser = createEventStreamParser();
  return chunks.flatMap((chunk) => parser(chunk));
}

const parseText = (text: string): StreamMessage[] => parse([new TextEncoder().encode(text)]);
const message = (data: string, event = "message", id: string | null = null): StreamMessage => ({
  event,
  data,
  id,
});

test.each([
  ["a single line of data", "data: hello\n\n", [message("hello")]],
  ["only the first space after the colon is dropped", "data:  two\n\n", [message(" two")]],
  ["no space after the colon", "data:tight\n\n", [message("tight")]],
  ["several lines of data are joined", "data: a\ndata: b\n\n", [message("a\nb")]],
  ["a field without a colon is empty", "data\ndata\n\n", [message("\n")]],
  ["empty data is a message too", "data:\n\n", [message("")]],
  ["a name and an id", "event: gap\nid: 7\ndata: {}\n\n", [message("{}", "gap", "7")]],
  ["a name does not last", "event: x\ndata: 1\n\ndata: 2\n\n", [message("1", "x"), message("2")]],
  ["a name without data is no message", "event: x\n\ndata: 2\n\n", [message("2")]],
  ["comments and unknown fields are skipped", ": hi\nfoo: bar\ndata: 1\n\n", [message("1")]],
  ["an id with NUL is no id", "id: a\0b\ndata: 1\n\n", [message("1")]],
  ["a leading byte order mark is dropped", "\uFEFFdata: 1\n\n", [message("1")]],
  ["CR ends lines", "data: a\rdata: b\r\r", [message("a\nb")]],
  ["CRLF is one line end", "data: a\r\ndata: b\r\n\r\n", [message("a\nb")]],
  ["what the end cuts off is dropped", "data: 1\n\ndata: 2\n", [message("1")]],
])("parses: %s", (_name, text, expected) => {
  expect(parseText(text)).toEqual(expected);
});

test("a block without data sets the position and is no message", () => {
  expect(parseText(": open\nretry: 1000\nid: 42\n\n")).toEqual([
    { event: "message", data: null, id: "42" },
  ]);
});

/** Streams of fields, odd text and every kind of line end. */
const stream = fc
  .array(
    fc.tuple(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }).map((s) => `data: ${s}`),
        },
        { weight: 1, arbitrary: fc.nat(99).map((id) => `id: ${id}`) },
        {
          weight: 1,
          arbitrary: fc.constantFrom("event: gap", ": note", "", "", "data", "🐕: žluť"),
        },
      ),
      fc.constantFrom("\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r"),
    ),
    { maxLength: 30 },
  )
  .map((lines) => lines.flat().join(""));

test("any way to cut a stream into chunks gives the same messages", () => {
  fc.assert(
    fc.property(stream, fc.array(fc.integer({ min: 0, max: 7 })), (text, sizes) => {
      const bytes = new TextEncoder().encode(text);
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const size of sizes) {
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      chunks.push(bytes.subarray(at));
      expect(parse(chunks)).toEqual(parse([bytes]));
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      expect(parse(single)).toEqual(parse([bytes]));
    }),
    { numRuns: 500 },
  );
});
