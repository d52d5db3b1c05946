import { describe, expect, it } from "vitest";
import { actorGroups } from "./actor-groups.ts";

const ada = { user_id: "ada", name: "Ada" };
const inLog = [
  { kind: "user", id: "ada", name: "Ada before she married" },
  { kind: "user", id: "bo", name: "Bo" },
  { kind: "api_key", id: "shop", name: "Shop" },
] as const;

describe("whom the audit log can be narrowed to", () => {
  it("are the members by the names they have now, those who left, and keys", () => {
    expect(actorGroups([ada], inLog, undefined)).toEqual([
      { title: null, actors: [{ id: "ada", name: "Ada" }] },
      { title: "No longer members", actors: [{ id: "bo", name: "Bo" }] },
      { title: "API keys", actors: [{ id: "shop", name: "Shop" }] },
    ]);
  });

  it("keeps a choice that nobody is known by, and no group that is empty", () => {
    expect(actorGroups([ada], [], "someone")).toEqual([
      {
        title: null,
        actors: [
          { id: "ada", name: "Ada" },
          { id: "someone", name: "someone" },
        ],
      },
    ]);
    expect(actorGroups([ada], inLog, "bo")[0]?.actors).toHaveLength(1);
  });
});
