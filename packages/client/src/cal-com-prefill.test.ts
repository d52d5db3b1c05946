import { describe, expect, it } from "vitest";
import { calComPrefill, type CalComPrefillOptions } from "./cal-com-prefill.ts";

const burek = { id: "pet-12", name: "Burek", breed: "Labrador" };
const jan = {
  id: "client-7",
  name: "Jan Kowalski",
  email: "jan+dogs@mail.example",
  phone: "+48601234567",
};
const prefill = (options: Partial<CalComPrefillOptions> = {}) =>
  calComPrefill({ calLink: "salon/grooming", customer: jan, pet: burek, ...options });

describe("calComPrefill", () => {
  it("fills the form, and names customer and pet in the metadata", () => {
    const { config } = prefill({ notes: "Shy.", theme: "dark", layout: "week_view" });
    expect(config).toEqual({
      name: "Jan Kowalski",
      email: "jan+dogs@mail.example",
      smsReminderNumber: "+48601234567",
      attendeePhoneNumber: "+48601234567",
      notes: "Shy.",
      "metadata[barkbookClientId]": "client-7",
      "metadata[barkbookPetId]": "pet-12",
      theme: "dark",
      layout: "week_view",
    });
  });

  it("leaves out what is not known", () => {
    const customer = { id: "client-8", name: "Anna Berg", email: null, phone: "  " };
    expect(prefill({ customer, pet: null }).config).toEqual({
      name: "Anna Berg",
      "metadata[barkbookClientId]": "client-8",
    });
  });

  it("uses the metadata's keys that the connection uses", () => {
    const { config } = prefill({ customerKey: "clientId", petKey: "petId" });
    expect(config).toMatchObject({ "metadata[clientId]": "client-7", "metadata[petId]": "pet-12" });
    expect(Object.keys(config).join()).not.toContain("barkbook");
  });

  it("says the same in a link, whatever is in it", () => {
    const notes = "50 % & more? #1 ü";
    const { url, config } = prefill({ notes });
    const { origin, pathname, searchParams } = new URL(url);
    expect([origin, pathname]).toEqual(["https://cal.com", "/salon/grooming"]);
    expect(Object.fromEntries(searchParams)).toEqual(config);
    expect(config["notes"]).toBe(notes);
  });

  it.each([
    [{}, "https://app.cal.com", "https://cal.com/salon/grooming"],
    [{ origin: "https://cal.eu" }, "https://app.cal.eu", "https://cal.eu/salon/grooming"],
    [
      { origin: "https://book.salon.example/" },
      "https://book.salon.example",
      "https://book.salon.example/salon/grooming",
    ],
    [
      { calLink: "https://book.salon.example:8443/salon/grooming/" },
      "https://book.salon.example:8443",
      "https://book.salon.example:8443/salon/grooming",
    ],
    [
      { calLink: "https://cal.com/salon/grooming", origin: "https://book.salon.example" },
      "https://book.salon.example",
      "https://book.salon.example/salon/grooming",
    ],
    [{ calLink: "//evil.example/x" }, "https://app.cal.com", "https://cal.com/evil.example/x"],
  ])("finds page and script of %o", (options, embedOrigin, page) => {
    const found = prefill(options);
    expect(found.embedOrigin).toBe(embedOrigin);
    expect(found.scriptUrl).toBe(`${embedOrigin}/embed/embed.js`);
    expect(found.url.split("?")[0]).toBe(page);
    expect(found.calLink).toBe(new URL(page).pathname.slice(1));
  });

  it("keeps what the link asks for itself", () => {
    const { calLink, url } = prefill({ calLink: "/salon/grooming?duration=90" });
    expect(calLink).toBe("salon/grooming?duration=90");
    expect(new URL(url).searchParams.get("duration")).toBe("90");
  });

  it("takes the script from another address", () => {
    const scriptUrl = "https://cdn.example/embed.js";
    expect(prefill({ scriptUrl })).toMatchObject({
      scriptUrl,
      embedOrigin: "https://app.cal.com",
    });
  });

  it.each([
    { calLink: " " },
    { calLink: "https://cal.com" },
    { origin: "javascript:alert(1)" },
    { origin: "cal.com" },
  ])("refuses %o", (options) => {
    expect(() => prefill(options)).toThrow(TypeError);
  });
});
