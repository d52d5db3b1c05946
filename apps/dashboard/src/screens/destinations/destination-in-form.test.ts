import { describe, expect, it } from "vitest";
import { destinationInForm } from "./destination-in-form.ts";

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

  it("asks for every event when none is ticked", () => {
    expect(destinationInForm(aForm([...filled, ["event_choice", "some"]])).event_types).toEqual([
      "*",
    ]);
  });

  it("gives the receiver's key along where one was entered", () => {
    expect(destinationInForm(aForm([...filled, ["key", " abc "]]))).toMatchObject({ key: "abc" });
    expect(destinationInForm(aForm([...filled, ["key", ""]]))).not.toHaveProperty("key");
  });
});
