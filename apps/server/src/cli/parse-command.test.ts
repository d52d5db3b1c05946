import { expect, test } from "vitest";
import { commandNames, commandTable, explainCommand, overview } from "./command-table.ts";
import { parseCommand } from "./parse-command.ts";

test.each([
  [[], { name: "help", about: null }],
  [["serve"], { name: "serve", demo: false, signInLink: false }],
  [["serve", "--demo"], { name: "serve", demo: true, signInLink: false }],
  [["serve", "--sign-in-link"], { name: "serve", demo: false, signInLink: true }],
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
  [["secrets", "rotate"], { name: "secrets rotate", anyway: false, lostKey: false }],
  [["secrets", "rotate", "--anyway"], { name: "secrets rotate", anyway: true, lostKey: false }],
  [["secrets", "rotate", "--lost-key"], { name: "secrets rotate", anyway: false, lostKey: true }],
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
  [["--help"], { name: "help", about: null }],
  [["help"], { name: "help", about: null }],
  [["keys", "--help"], { name: "help", about: null }],
  [["serve", "-h"], { name: "help", about: "serve" }],
  [["help", "db", "migrate"], { name: "help", about: "db migrate" }],
  [["keys", "create", "--name=x", "--help"], { name: "help", about: "keys create" }],
  [["-v"], { name: "version" }],
])("%j is understood", (args, command) => {
  expect(parseCommand(args)).toEqual(command);
});

test.each([
  [["dance"], "--help"],
  [["constructor"], "--help"],
  [["--loud"], "--help"],
  [["--demo"], "--help"],
  [["dance", "--help"], "--help"],
  [["db"], "db migrate --help"],
  [["db", "migrate", "--demo"], "db migrate --help"],
  [["serve", "now"], "serve --help"],
  [["serve", "--name=x"], "serve --help"],
  [["--demo=yes"], "--help"],
  [["keys", "create"], "keys create --help"],
  [["organisations", "create", "--name=North", "--slug=north"], "organisations create --help"],
  [["admin", "create", "--email=a@example.com", "--slug=north"], "admin create --help"],
  [["keys", "create", "--name=x"], "keys create --help"],
  [["keys", "create", "--name=x", "--scopes=admin", "--demo"], "keys create --help"],
])("%j is refused with where to look: %s", (args, help) => {
  expect(() => parseCommand(args)).toThrow(/See `npx slotwire .*--help`\.$/);
  expect(() => parseCommand(args)).toThrow(`${help}\`.`);
});

test.each([
  ["key create", "keys create"],
  ["keys", "keys create"],
  ["create key", "keys create"],
  ["server", "serve"],
  ["start", "serve"],
  ["migrate", "db migrate"],
  ["rotate", "secrets rotate"],
  ["secret rotate", "secrets rotate"],
  ["admin", "admin create"],
  ["organizations create", "organisations create"],
])("for `%s` it names `%s`", (typed, nearest) => {
  expect(() => parseCommand(typed.split(" "))).toThrow(
    `There is no command \`${typed}\`. The nearest is \`${nearest}\`.`,
  );
});

test.each(["frobnicate", "dance", "create", "x", "secure notate", "delete everything", "toString"])(
  "for `%s` it names no command",
  (typed) => {
    expect(() => parseCommand(typed.split(" "))).toThrow(
      `There is no command \`${typed}\`. See \`npx slotwire --help\`.`,
    );
  },
);

test("every command is listed, and explains itself and its options", () => {
  for (const name of commandNames) {
    const { summary, options, example } = commandTable[name];
    expect(overview()).toContain(summary);
    const help = explainCommand(name);
    for (const option of Object.keys(options)) expect(help).toContain(`  --${option} `);
    expect(help).toContain(`npx slotwire ${example}`);
    const words = [...example.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
    expect(parseCommand(words).name).toBe(name);
  }
});
