import type { AlertResource } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { bodyOf, full, thin } from "../../../test/encode-target.ts";
import { exampleEvent } from "../../../test/example-event.ts";
import { slackProfile } from "./slack.ts";

const link = `<http://hub.example/bookings/${exampleEvent.booking_id}|Open>`;

const alert: AlertResource = {
  id: "01920000-0000-7000-8000-0000000000a1",
  kind: "source_quiet",
  severity: "warning",
  connection_id: null,
  connection_name: null,
  destination_id: null,
  destination_name: null,
  title: "Cal.com is quiet",
  description: "Nothing has come for two hours.",
  remedy: "Look whether it still sends.",
  details: ["what a source said"],
  opened_at: "2026-03-01T08:00:00.000Z",
  last_seen_at: "2026-03-01T08:00:00.000Z",
  count: 1,
  acknowledged_by: null,
  acknowledged_at: null,
  resolved_by: null,
  resolved_at: null,
};

describe("Slack's profile", () => {
  it("is one member, text, which names who and what in full", () => {
    const { text, ...rest } = bodyOf(slackProfile.encode(exampleEvent, full));
    expect(rest).toEqual({});
    expect(text).toBe(
      `Booking #1001 was moved to Tue 10 Mar, 11:00 · Wash and cut for Jan Kowalski · Jan Kowalski · with Maja Groomer ${link}`,
    );
  });

  it("says what happened without names", () => {
    expect(bodyOf(slackProfile.encode(exampleEvent, thin))["text"]).toMatch(
      /^Booking #1001 was moved to .* <http/,
    );
  });

  it("lets nobody's name become a link or call everybody", () => {
    const event = { ...exampleEvent, description: "<!channel> & <http://evil.example|here>" };
    expect(bodyOf(slackProfile.encode(event, full))["text"]).toContain(
      "&lt;!channel&gt; &amp; &lt;http://evil.example|here&gt;",
    );
  });

  it("tells alerts with what to do about them", () => {
    const told = (type: "alert.opened" | "alert.resolved", target = full) => {
      const event = { type, timestamp: alert.opened_at, data: { alert } };
      const encoded = slackProfile.encodeOperational?.(event, target);
      return encoded === undefined ? "" : bodyOf(encoded)["text"];
    };
    expect(told("alert.opened")).toBe(
      "Cal.com is quiet: Nothing has come for two hours.\nLook whether it still sends.\nwhat a source said <http://hub.example/alerts|Open>",
    );
    expect(told("alert.opened", thin)).not.toContain("what a source said");
    expect(told("alert.resolved")).toMatch(/^Resolved: Cal\.com is quiet/);
  });

  it("is disabled by a webhook that was removed, and gives up on what is refused", () => {
    expect(slackProfile.judge({ statusCode: 404, responseBody: "no_service" })).toBe("disable");
    expect(slackProfile.judge({ statusCode: 404, responseBody: "" })).toBe("retry");
    expect(slackProfile.judge({ statusCode: 400, responseBody: "no_text" })).toBe("reject");
    expect(slackProfile.defaults?.rate_per_second).toBe(1);
  });
});
