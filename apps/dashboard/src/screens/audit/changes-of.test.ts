import { describe, expect, it } from "vitest";
import { changesOf } from "./changes-of.ts";

describe("the changes of an entry", () => {
  it("name each field once, with the value before and after", () => {
    expect(
      changesOf({ old: { role: "staff", hide_contacts: true }, new: { role: "manager" } }),
    ).toEqual([
      { field: "role", before: "staff", after: "manager" },
      { field: "hide contacts", before: "yes", after: "–" },
    ]);
  });

  it("tell values of every kind in words", () => {
    const values = {
      scopes: ["a", "b"],
      none: [],
      limit: 0,
      off: false,
      deep: { a: 1 },
      gone: null,
    };
    expect(changesOf({ old: null, new: values }).map(({ after }) => after)).toEqual([
      "a, b",
      "0",
      "no",
      '{"a":1}',
    ]);
  });

  it("leave out what was empty and still is", () => {
    const change = {
      old: { provider: null, role: "staff" },
      new: { provider: "", role: "viewer" },
    };
    expect(changesOf(change).map(({ field }) => field)).toEqual(["role"]);
  });

  it("are none when nothing was kept", () => {
    expect(changesOf({ old: null, new: null })).toEqual([]);
  });
});
