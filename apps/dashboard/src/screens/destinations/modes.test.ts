import { alertProfiles, batchProfiles } from "@slotwire/contract";
import { expect, it } from "vitest";
import { abilities, modeOptions } from "./modes.ts";

const those = (ability: "alerts" | "batches"): string[] =>
  Object.entries(abilities).flatMap(([name, can]) => (can[ability] ? [name] : []));

it("knows which profiles tell of alerts, and which carry several events", () => {
  expect(those("alerts").toSorted()).toEqual([...alertProfiles].toSorted());
  expect(those("batches").toSorted()).toEqual([...batchProfiles].toSorted());
});

it("says what the oldest form of a profile is in that profile's words", () => {
  expect(modeOptions("crm")).toEqual({ compat: "The booking in the CRM's own fields" });
  expect(modeOptions("external_calendar")).toMatchObject({
    compat: "The change of status alone",
  });
});
