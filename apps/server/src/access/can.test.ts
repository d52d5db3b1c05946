import { roles } from "@slotwire/contract";
import { expect, test } from "vitest";
import { actions, can, mayCorrect } from "./can.ts";

/** One letter per role, in the order of `roles`: y may, - may not. */
const matrix: Record<(typeof actions)[number], string> = {
  //                       owner admin manager staff viewer accountant developer
  "session:read": "yyyyyyy",
  "bookings:read": "yyy----",
  "bookings:write": "yyy----",
  "events:read": "yyy----",
  "inbox:read": "yyy----",
  "connections:read": "yyy---y",
  "connections:manage": "yy----y",
  "destinations:read": "yyy---y",
  "destinations:manage": "yy----y",
  "deliveries:read": "yyy---y",
  "deliveries:manage": "yy----y",
};

test("every role may do exactly what the matrix says", () => {
  const actual = Object.fromEntries(
    actions.map((action) => [
      action,
      roles.map((role) => (can(role, action) ? "y" : "-")).join(""),
    ]),
  );
  expect(actual).toEqual(matrix);
});

test("only managers and above may correct a booking's history", () => {
  expect(roles.filter(mayCorrect)).toEqual(["owner", "admin", "manager"]);
});
