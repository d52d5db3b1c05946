import { randomBytes } from "node:crypto";
import { expect } from "vitest";

/** Values that must never be in a log: people's data, and secrets made or sent. */
export interface Unspeakable {
  /** Notes a value that nobody may read in the log. @param what it is, for the report */
  readonly hush: (what: string, value: string) => string;
  /** Makes a value that is found wherever it lands, and notes it. */
  readonly marked: (what: string, form?: (mark: string) => string) => string;
  /** What of it can be read in the log, in whatever coding. */
  readonly readable: (log: string) => string[];
  /** How many values are noted. */
  readonly count: () => number;
}

/** Keeps a list of what must not be in a log. */
export function createUnspeakable(): Unspeakable {
  const values = new Map<string, string>();
  const hush = (what: string, value: string): string => {
    expect(value.length, what).toBeGreaterThan(5);
    values.set(value, what);
    return value;
  };
  return {
    hush,
    marked: (what, form = (mark) => mark) =>
      hush(what, form(`zq${randomBytes(6).toString("hex")}`)),
    readable: (log) =>
      [...values]
        .filter(([value]) =>
          codings(value).some((coded) => log.toLowerCase().includes(coded.toLowerCase())),
        )
        .map(([, what]) => what),
    count: () => values.size,
  };
}

function codings(value: string): string[] {
  return [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString("base64").replace(/=+$/, "").slice(0, -1),
    Buffer.from(value).toString("hex"),
  ];
}
