import { describe, expect, it } from "vitest";
import { outbound } from "../../messages/outbound.ts";
import { destinationInForm } from "./destination-in-form.ts";
import { alertTypes, asksFor } from "./event-types-in.ts";
import { wrongEvents } from "./wrong-in-settings.ts";

function aForm(entries: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

const filled = [
  ["name", " Make.com "],
  ["url", "https://hook.example.com/x"],
  ["profile", "make"],
  ["payload_mode", "full"],
  ["ordering", "none"],
] as const;

describe("the form of a new destination", () => {
  it("asks for every event", () => {
    expect(destinationInForm(aForm([...filled, ["event_choice", "every"]]))).toEqual({
      name: "Make.com",
      url: "https://hook.example.com/x",
      profile: "make",
      event_types: ["*"],
      payload_mode: "full",
      ordering: "none",
    });
  });

  it("asks for the ticked events only", () => {
    const form = aForm([
      ...filled,
      ["event_choice", "some"],
      ["event_types", "booking.created"],
      ["event_types", "booking.cancelled"],
    ]);
    expect(destinationInForm(form).event_types).toEqual(["booking.created", "booking.cancelled"]);
  });

  it("asks for nothing when nothing is ticked, and never for everything", () => {
    const form = aForm([...filled, ["event_choice", "some"]]);
    expect(destinationInForm(form).event_types).toEqual([]);
    expect(wrongEvents(form)).toBe(outbound.destination.wrong.event_types);
  });

  it("asks for alerts beside every event, or alone", () => {
    const every = aForm([...filled, ["event_choice", "every"], ["event_types", "alert.opened"]]);
    expect(destinationInForm(every).event_types).toEqual(["*", "alert.opened"]);
    const alone = aForm([...filled, ["event_choice", "some"], ["event_types", "alert.opened"]]);
    expect(destinationInForm(alone).event_types).toEqual(["alert.opened"]);
    expect(wrongEvents(alone)).toBeUndefined();
  });

  it("shows all alerts as ticked to whoever asks for alert.*", () => {
    expect(alertTypes.map((type) => asksFor(["alert.*"], type))).toEqual([true, true]);
    expect(asksFor(["*"], "alert.opened")).toBe(false);
    expect(asksFor(["alert.*"], "booking.created")).toBe(false);
  });

  it("gives the receiver's key along where one was entered", () => {
    expect(destinationInForm(aForm([...filled, ["key", " abc "]]))).toMatchObject({ key: "abc" });
    expect(destinationInForm(aForm([...filled, ["key", ""]]))).not.toHaveProperty("key");
  });
});
