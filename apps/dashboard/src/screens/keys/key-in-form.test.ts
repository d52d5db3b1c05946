import { describe, expect, it } from "vitest";
import { keyInForm } from "./key-in-form.ts";

const now = Date.parse("2026-11-21T12:00:00Z");

function aForm(entries: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

const filled = [
  ["name", " Booking form "],
  ["kind", "secret"],
  ["expiry", "30"],
  ["requests_per_minute", "600"],
] as const;

describe("the form of a new key", () => {
  it("asks for what is ticked, until so many days from now, from some addresses", () => {
    const form = aForm([
      ...filled,
      ["access", "some"],
      ["scopes", "bookings:read"],
      ["scopes", "events:read"],
      ["allowed_ranges", "203.0.113.0/24\n\n 198.51.100.7 "],
    ]);
    expect(keyInForm(form, now)).toEqual({
      name: "Booking form",
      kind: "secret",
      scopes: ["bookings:read", "events:read"],
      expires_at: "2026-12-21T12:00:00.000Z",
      allowed_ranges: ["203.0.113.0/24", "198.51.100.7"],
      allowed_origins: null,
      requests_per_minute: 600,
    });
  });

  it("asks for everything, for ever and from anywhere, when that is chosen", () => {
    const form = aForm([
      ...filled.filter(([name]) => name !== "expiry"),
      ["expiry", "never"],
      ["access", "everything"],
      ["scopes", "bookings:read"],
    ]);
    expect(keyInForm(form, now)).toMatchObject({
      scopes: ["admin"],
      expires_at: null,
      allowed_ranges: null,
    });
  });

  it("asks for one scope alone for pages, whatever is ticked", () => {
    const form = aForm([
      ...filled.filter(([name]) => name !== "kind"),
      ["kind", "publishable"],
      ["access", "everything"],
      ["allowed_origins", "https://www.example.com, https://shop.example.com"],
    ]);
    expect(keyInForm(form, now)).toMatchObject({
      kind: "publishable",
      scopes: ["stream:mint"],
      allowed_origins: ["https://www.example.com", "https://shop.example.com"],
    });
  });
});
