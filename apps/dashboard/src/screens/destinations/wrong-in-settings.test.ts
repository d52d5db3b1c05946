import { ApiError } from "@slotwire/client";
import { describe, expect, it } from "vitest";
import { outbound } from "../../messages/outbound.ts";
import { wrongByHub, wrongInSettings } from "./wrong-in-settings.ts";

const words = outbound.destination.wrong;

function aForm(change: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  const filled = {
    url: "https://calendar.example/hook",
    event_choice: "every",
    transitions: "any",
    retries: "default",
  };
  for (const [name, value] of Object.entries({ ...filled, ...change })) form.append(name, value);
  return form;
}

describe("the form of a destination's settings", () => {
  it("is fine with nothing but an address", () => {
    expect(wrongInSettings(aForm())).toEqual({});
  });

  it.each(["", "  \n "])("refuses a choice of changes that names none: %j", (pairs) => {
    const form = aForm({ transitions: "custom", pairs });
    expect(wrongInSettings(form)).toEqual({ pairs: words.noPairs });
  });

  it("refuses a choice of events that has none", () => {
    const form = aForm({ event_choice: "some" });
    expect(wrongInSettings(form)).toEqual({ event_types: words.event_types });
    expect(
      wrongInSettings(aForm({ event_choice: "some", event_types: "booking.created" })),
    ).toEqual({});
  });

  it("refuses a change that there is not, and names it", () => {
    const form = aForm({ transitions: "custom", pairs: "new > *\nconfirmd > cancelled" });
    expect(wrongInSettings(form)).toEqual({
      pairs: outbound.destination.wrongPair("confirmd > cancelled"),
    });
    const fine = aForm({ transitions: "custom", pairs: "new > *\nconfirmed > cancelled" });
    expect(wrongInSettings(fine)).toEqual({});
  });

  it("does not look at changes that are not chosen", () => {
    expect(wrongInSettings(aForm({ transitions: "all", pairs: "no" }))).toEqual({});
  });

  it.each([
    ["rate", "-5"],
    ["concurrency", "0"],
    ["concurrency", "1.5"],
    ["batch", "101"],
    ["patience", "-1"],
    ["url", "example.com"],
    ["url", "ftp://example.com"],
  ] as const)("says beside the field %s that %s cannot be", (field, value) => {
    expect(wrongInSettings(aForm({ [field]: value }))).toEqual({ [field]: words[field] });
  });

  it.each(["", "soon", "-1", "0, 1.5"])("refuses to wait for %j", (waits) => {
    expect(wrongInSettings(aForm({ retries: "custom", waits }))).toEqual({ waits: words.waits });
  });
});

describe("what the hub found wrong", () => {
  const refusal = (path: string, message = "Too small: expected number to be >=0.01") =>
    new ApiError({
      type: "about:blank",
      title: "The request is not valid",
      status: 422,
      code: "E_VALIDATION",
      remedy: "Correct the fields listed in `errors`.",
      errors: [{ path, message }],
    });

  it("is told beside its field in plain words", () => {
    expect(wrongByHub(refusal("body.rate_per_second"), ["rate"])).toEqual({ rate: words.rate });
    expect(wrongByHub(refusal("body.filter.providers.0"), ["providers"])).toEqual({
      providers: words.providers,
    });
  });

  it("is told in its own words when it is more than the schema says", () => {
    const error = refusal("body.batch_size", "This profile sends one event per request.");
    expect(wrongByHub(error, ["batch"])).toEqual({
      batch: "This profile sends one event per request.",
    });
  });

  it("is told as a whole when the form has no such field", () => {
    expect(wrongByHub(refusal("body.profile"), ["rate"])).toBeNull();
    expect(wrongByHub(new TypeError("nobody answered"), ["rate"])).toBeNull();
  });
});
