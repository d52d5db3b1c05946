import { describe, expect, it } from "vitest";
import { timingParts } from "./timing-parts.ts";

describe("where an attempt's time went", () => {
  it("is the steps one after the other", () => {
    const parts = timingParts({
      dns_ms: 2,
      connect_ms: 3,
      tls_ms: 5,
      first_byte_ms: 30,
      total_ms: 32,
    });
    expect(parts).toEqual([
      { name: "dns", ms: 2 },
      { name: "connect", ms: 3 },
      { name: "tls", ms: 5 },
      { name: "wait", ms: 20 },
      { name: "read", ms: 2 },
    ]);
  });

  it("is waiting alone over an open connection that is never answered", () => {
    const none = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null };
    expect(timingParts({ ...none, total_ms: 15_000 })).toEqual([{ name: "wait", ms: 15_000 }]);
  });
});
