import { describe, expect, it } from "vitest";
import { fieldsOf, settingsInForm } from "./settings-in-form.ts";

const plain = {
  name: " Calendar ",
  url: "https://calendar.example/hook",
  payload_mode: "thin",
  event_choice: "every",
  transitions: "any",
  ordering: "per_booking",
  retries: "default",
  batch: "1",
  patience: "120",
};

function aForm(change: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...plain, ...change })) form.append(name, value);
  return form;
}

describe("the settings of a destination in its form", () => {
  it("narrow nothing and set no limits when nothing is entered", () => {
    expect(settingsInForm(aForm())).toEqual({
      name: "Calendar",
      url: "https://calendar.example/hook",
      payload_mode: "thin",
      event_types: ["*"],
      filter: null,
      ordering: "per_booking",
      retry_schedule: "default",
      rate_per_second: null,
      concurrency: null,
      batch_size: 1,
      patience_hours: 120,
    });
  });

  it("say which bookings are meant, and show it again as it was entered", () => {
    const fields = {
      transitions: "custom",
      pairs: "confirmed > cancelled\nnew > *",
      services: "grooming\nnails",
      providers: "ewa@salon.example",
      metadata: "vip\nroom = blue, red",
    };
    const { filter } = settingsInForm(aForm(fields));
    expect(filter).toEqual({
      transitions: [
        { from: "confirmed", to: "cancelled" },
        { from: "new", to: "*" },
      ],
      services: ["grooming", "nails"],
      providers: ["ewa@salon.example"],
      metadata: [{ key: "vip" }, { key: "room", in: ["blue", "red"] }],
    });
    expect(fieldsOf(filter ?? null)).toEqual(fields);
  });

  it("keep a key that is not entered anew, and take one out when told to", () => {
    expect(settingsInForm(aForm())).not.toHaveProperty("key");
    expect(settingsInForm(aForm({ key: "new" }))).toMatchObject({ key: "new" });
    expect(settingsInForm(aForm({ remove_key: "on" }))).toMatchObject({ key: null });
  });

  it("say nothing of several events per request where the format has no such field", () => {
    const form = aForm();
    form.delete("batch");
    expect(settingsInForm(form)).not.toHaveProperty("batch_size");
  });

  it("wait as entered", () => {
    const waits = settingsInForm(aForm({ retries: "custom", waits: "0, 5,300" }));
    expect(waits.retry_schedule).toEqual([0, 5, 300]);
  });
});
