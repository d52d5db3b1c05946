import { alertProfiles, batchProfiles } from "@slotwire/contract";
import { expect, test } from "vitest";
import type { Profile } from "./profile.ts";
import { profiles } from "./profiles.ts";

const namesOf = (can: (profile: Profile) => boolean): string[] =>
  Object.values(profiles)
    .filter(can)
    .map(({ name }) => name)
    .toSorted();

test("the contract names the profiles that tell of alerts, and those that know batches", () => {
  expect(namesOf((one) => one.encodeOperational !== undefined)).toEqual(alertProfiles.toSorted());
  expect(namesOf((one) => one.encodeBatch !== undefined)).toEqual(batchProfiles.toSorted());
});
