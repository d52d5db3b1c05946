import { type Role, roles, type Scope, scopes } from "@slotwire/contract";
import { expect, test } from "vitest";
import { routeMatrix } from "../../test/route-matrix.ts";
import { type Action, actions, can, grantOf, grantsOf, opensSomething } from "./can.ts";

const person = (role: Role, action: Action): string => grantOf({ role, scopes: null }, action);
const key = (scope: Scope, action: Action): string =>
  grantOf({ role: "admin", scopes: [scope] }, action);

test("every role may do exactly what the matrix says", () => {
  const rows = actions.map(
    (action) => `${action.padEnd(20)} ${roles.map((role) => person(role, action)).join(" ")}`,
  );
  expect(`\n${rows.join("\n")}\n`).toMatchSnapshot();
});

test("every scope of a key opens exactly what the matrix says", () => {
  const rows = scopes.map(
    (scope) =>
      `${scope.padEnd(18)} ${actions.filter((action) => key(scope, action) !== "none").join(" ")}`,
  );
  expect(`\n${rows.join("\n")}\n`).toMatchSnapshot();
});

test("a key may what its role may, but let people in", () => {
  const people: readonly Action[] = ["members:manage", "owners:manage"];
  for (const role of roles) {
    for (const action of actions) {
      const expected = people.includes(action) ? "none" : person(role, action);
      expect(grantOf({ role, scopes: ["admin"] }, action)).toBe(expected);
    }
  }
});

test("a key without scopes may nothing", () => {
  expect(actions.filter((action) => can({ role: "admin", scopes: [] }, action))).toEqual([]);
});

test("a scope opens something when a route asks for one of its actions", () => {
  const asked = new Set(
    Object.values(routeMatrix).flatMap(({ gate }) =>
      typeof gate === "string" ? [] : [gate.action],
    ),
  );
  const used = scopes.filter((scope) => [...asked].some((action) => key(scope, action) !== "none"));
  expect(scopes.filter(opensSomething)).toEqual(used);
});

test("screens are told what is allowed, and nothing else", () => {
  expect(grantsOf("staff")).toEqual({
    "session:read": "all",
    "bookings:read": "own",
    "bookings:write": "own",
    "contacts:read": "own",
    "customers:read": "own",
    "customers:write": "own",
    "activities:read": "own",
    "tasks:read": "own",
    "tasks:write": "own",
    "events:read": "own",
    "stream:mint": "own",
    "feeds:manage": "own",
    "organisation:read": "all",
  });
});
