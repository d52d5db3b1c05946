import { expect, test } from "vitest";
import { parseCommand } from "./parse-command.ts";

test.each([
  [[], { name: "serve", demo: false, signInLink: false }],
  [["serve"], { name: "serve", demo: false, signInLink: false }],
  [["serve", "--demo"], { name: "serve", demo: true, signInLink: false }],
  [["--sign-in-link"], { name: "serve", demo: false, signInLink: true }],
  [["db", "migrate"], { name: "db migrate" }],
  [["secrets", "rotate"], { name: "secrets rotate" }],
  [["--help"], { name: "help" }],
  [["serve", "-h"], { name: "help" }],
  [["-v"], { name: "version" }],
])("%j is understood", (args, command) => {
  expect(parseCommand(args)).toEqual(command);
});

test.each([[["dance"]], [["--loud"]], [["db"]], [["db", "migrate", "--demo"]], [["--demo=yes"]]])(
  "%j is refused with where to look",
  (args) => {
    expect(() => parseCommand(args)).toThrow(/See `slotwire --help`\.$/);
  },
);
