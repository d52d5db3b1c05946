import { expect, test } from "vitest";
import { parseCommand } from "./parse-command.ts";

test.each([
  [[], { name: "serve", demo: false, signInLink: false }],
  [["serve"], { name: "serve", demo: false, signInLink: false }],
  [["serve", "--demo"], { name: "serve", demo: true, signInLink: false }],
  [["--sign-in-link"], { name: "serve", demo: false, signInLink: true }],
  [["db", "migrate"], { name: "db migrate" }],
  [
    ["admin", "create", "--email", "ada@example.com"],
    { name: "admin create", admin: { email: "ada@example.com", name: null, role: "owner" } },
  ],
  [
    ["admin", "create", "--email=ada@example.com", "--name", "Ada", "--role", "admin"],
    { name: "admin create", admin: { email: "ada@example.com", name: "Ada", role: "admin" } },
  ],
  [
    ["organisations", "create", "--name=North", "--slug", "north", "--owner-email=a@example.com"],
    {
      name: "organisations create",
      organisation: { name: "North", slug: "north", ownerEmail: "a@example.com" },
    },
  ],
  [["secrets", "rotate"], { name: "secrets rotate" }],
  [
    ["keys", "create", "--name", "Shop", "--scopes=events:read,stream:mint"],
    {
      name: "keys create",
      key: {
        keyName: "Shop",
        scopes: "events:read,stream:mint",
        expires: null,
        organisation: null,
      },
    },
  ],
  [
    ["keys", "create", "--name=A", "--scopes=admin", "--expires=90d", "--organisation", "salon"],
    {
      name: "keys create",
      key: { keyName: "A", scopes: "admin", expires: "90d", organisation: "salon" },
    },
  ],
  [["--help"], { name: "help" }],
  [["serve", "-h"], { name: "help" }],
  [["-v"], { name: "version" }],
])("%j is understood", (args, command) => {
  expect(parseCommand(args)).toEqual(command);
});

test.each([
  [["dance"]],
  [["constructor"]],
  [["--loud"]],
  [["db"]],
  [["db", "migrate", "--demo"]],
  [["serve", "--name=x"]],
  [["--demo=yes"]],
  [["keys", "create"]],
  [["organisations", "create", "--name=North", "--slug=north"]],
  [["admin", "create", "--email=a@example.com", "--slug=north"]],
  [["keys", "create", "--name=x"]],
  [["keys", "create", "--name=x", "--scopes=admin", "--demo"]],
])("%j is refused with where to look", (args) => {
  expect(() => parseCommand(args)).toThrow(/See `slotwire --help`\.$/);
});
