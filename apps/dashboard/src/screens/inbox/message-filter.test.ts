import { describe, expect, it } from "vitest";
import { filterOf, isFiltered } from "./message-filter.ts";

describe("the filter that the inbox's address means", () => {
  it("takes whole days of the organisation", () => {
    expect(filterOf({ from: "2026-11-21", to: "2026-11-22" }, "Europe/Stockholm")).toEqual({
      from: "2026-11-20T23:00:00.000Z",
      to: "2026-11-22T23:00:00.000Z",
    });
  });

  it("leaves out what is not narrowed", () => {
    expect(filterOf({ status: "failed", q: " ", connection: undefined }, "UTC")).toEqual({
      status: "failed",
    });
    expect(isFiltered({ status: undefined })).toBe(false);
    expect(isFiltered({ warning: "true" })).toBe(true);
  });
});
