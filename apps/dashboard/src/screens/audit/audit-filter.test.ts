import { describe, expect, it } from "vitest";
import { filterOf, isFiltered } from "./audit-filter.ts";

const zone = "Europe/Copenhagen";
const today = "2026-11-21";

describe("the audit log's filters", () => {
  it("leave everything open when nothing is chosen", () => {
    expect(filterOf({}, today, zone)).toEqual({});
    expect(isFiltered({})).toBe(false);
  });

  it("name who did it, and to what", () => {
    expect(filterOf({ actor: "a", entity: "api_key", thing: "k" }, today, zone)).toEqual({
      actor_id: "a",
      entity: "api_key",
      entity_id: "k",
    });
    expect(isFiltered({ actor: "a" })).toBe(true);
  });

  it("leave out a kind of thing that the log does not know", () => {
    expect(filterOf({ entity: "dances" }, today, zone)).toEqual({});
  });

  it("count days by the organisation's clock", () => {
    expect(filterOf({ period: "today" }, today, zone)).toEqual({
      from: "2026-11-20T23:00:00.000Z",
    });
    expect(filterOf({ period: "week" }, today, zone)).toEqual({ from: "2026-11-14T23:00:00.000Z" });
  });

  it("include the last day of a span", () => {
    const span = { period: "custom", from: "2026-10-20", to: "2026-10-25" } as const;
    // Clocks go back on 25 October: that day begins in summer time and ends in winter time.
    expect(filterOf(span, today, zone)).toEqual({
      from: "2026-10-19T22:00:00.000Z",
      to: "2026-10-25T23:00:00.000Z",
    });
  });

  it("take no notice of days that belong to no span", () => {
    expect(filterOf({ from: "2026-10-20" }, today, zone)).toEqual({});
  });
});
