import { describe, expect, it } from "vitest";
import { choiceOf, countedOf, isFiltered, replayFilterOf } from "./delivery-filter.ts";

describe("the deliveries that an address means", () => {
  const search = {
    status: "exhausted",
    type: "booking.created",
    error: "http_5xx",
    code: "500",
    from: "2026-11-21",
    to: "2026-11-21",
    replay: undefined,
  } as const;

  it("are whole days of the organisation, and a number for the HTTP status", () => {
    expect(choiceOf(search, "Europe/Stockholm")).toEqual({
      status: "exhausted",
      event_type: "booking.created",
      error_class: "http_5xx",
      status_code: 500,
      from: "2026-11-20T23:00:00.000Z",
      to: "2026-11-21T23:00:00.000Z",
    });
  });

  it("are those of one booking by its number or its id", () => {
    expect(choiceOf({ booking: "1007" }, "UTC")).toEqual({ booking_number: 1007 });
    expect(choiceOf({ booking: "#1007" }, "UTC")).toEqual({ booking_number: 1007 });
    const id = "0199aa00-0000-7000-8000-000000000001";
    expect(choiceOf({ booking: id }, "UTC")).toEqual({ booking_id: id });
  });

  it("are never more than were asked for: what makes no sense is left for the hub to refuse", () => {
    const nonsense = {
      status: "lost",
      destination: "nonsense",
      booking: "nonsense",
      replay: "nonsense",
      reason: "nonsense",
      code: "5xx",
      from: "yesterday",
      to: "2026-02-31",
    };
    expect(choiceOf(nonsense, "UTC")).toEqual({
      status: "lost",
      destination_id: "nonsense",
      booking_id: "nonsense",
      replay_id: "nonsense",
      skip_reason: "nonsense",
      status_code: "5xx",
      from: "yesterday",
      to: "2026-02-31",
    });
  });

  it("are counted whatever their status, and sent anew whatever their answer's", () => {
    const choice = choiceOf(search, "UTC");
    expect(countedOf(choice)).not.toHaveProperty("status");
    expect(replayFilterOf(choice)).not.toHaveProperty("status_code");
    expect(replayFilterOf(choice)).toHaveProperty("status", "exhausted");
  });

  it("are all of them when nothing is chosen", () => {
    expect(isFiltered({ status: undefined })).toBe(false);
    expect(isFiltered({ code: "500" })).toBe(true);
  });
});
