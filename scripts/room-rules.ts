import type { OxlintConfig } from "oxlint";
import { mayImport, packageRooms, packageWalls, rooms } from "./rooms.ts";

type Override = NonNullable<OxlintConfig["overrides"]>[number];
interface ForbiddenImport {
  regex?: string;
  group?: string[];
  message: string;
}

/** Rooms that stand on no database: their tests stay within their walls too. */
export const databaseFreeRooms: readonly string[] = ["domain", "connectors"];

/** Any number of steps upwards. The lint engine's regular expressions know no look-ahead. */
const upwards = String.raw`^(\.\./)+`;

/**
 * The table of `rooms.ts` as lint overrides. For one file the last override that names a rule
 * replaces the earlier ones, so each carries the whole list of what is forbidden.
 *
 * @param connectors names of the folders under `apps/server/src/connectors`
 */
export function roomRules(connectors: readonly string[]): Override[] {
  return [
    ...Object.keys(rooms).map(roomOverride),
    ...connectors.map((name) => connectorOverride(name, connectors)),
    ...Object.keys(packageWalls).map(packageOverride),
    dashboardOverride,
  ];
}

function roomOverride(room: string): Override {
  return {
    files: [`apps/server/src/${room}.ts`, `apps/server/src/${room}/**/*.ts`],
    // Tests on a database put rooms together on purpose.
    ...(databaseFreeRooms.includes(room) ? {} : { excludeFiles: ["**/*.test.ts"] }),
    rules: restrict(forbiddenIn(room)),
  };
}

function forbiddenIn(room: string): ForbiddenImport[] {
  if (rooms[room] === "everything") return [neverInServer];
  return [...forbiddenRooms(room), ...forbiddenPackages(room), neverInServer];
}

function forbiddenRooms(room: string): ForbiddenImport[] {
  const others = Object.keys(rooms).filter((other) => !mayImport(room, other));
  // Files directly under src/ reach the other rooms by `./`, files in folders by `../`; a room of
  // one file may have a folder of its name beside it.
  const start = isOneFile(room) ? String.raw`^(\./|(\.\./)+)` : upwards;
  return [
    {
      regex: `${start}(${others.join("|")})(/|\\.ts$)`,
      message: `The room "${room}" may not import this one: see scripts/rooms.ts.`,
    },
  ];
}

function forbiddenPackages(room: string): ForbiddenImport[] {
  return packageRooms
    .filter((wall) => !wall.rooms.includes(room))
    .map((wall) => ({
      regex: `^(${wall.name})$`,
      message: `The room "${room}" may not use this package: see scripts/rooms.ts.`,
    }));
}

function connectorOverride(name: string, connectors: readonly string[]): Override {
  const neighbours = connectors.filter((other) => other !== name).join("|");
  const wall = {
    regex: `${upwards}(connectors/)?(${neighbours})/`,
    message: "A connector may not import another connector.",
  };
  return {
    files: [`apps/server/src/connectors/${name}/**/*.ts`],
    rules: restrict([...forbiddenIn("connectors"), ...(neighbours === "" ? [] : [wall])]),
  };
}

function packageOverride(folder: string): Override {
  const allowed = packageWalls[folder] ?? [];
  return {
    files: [`${folder}/**/*.{ts,tsx}`],
    excludeFiles: ["**/*.test.{ts,tsx}", `${folder}/test/**`],
    rules: restrict([
      {
        group: ["*", "!./**", "!../**", ...allowed.flatMap((name) => [`!${name}`, `!${name}/**`])],
        message: `${folder} may import only ${allowed.join(", ")}: see scripts/rooms.ts.`,
      },
      { regex: `${upwards}(packages|apps)/`, message: "Import a package by its name." },
    ]),
  };
}

const neverInServer: ForbiddenImport = {
  regex: `(^@slotwire/(client|react|dashboard|server))|(${upwards}(packages|dashboard)/)`,
  message: "The hub imports only the contract, by its name.",
};

const dashboardOverride: Override = {
  // What runs in the browser; the build's own files may use Node.
  files: ["apps/dashboard/{src,test}/**/*.{ts,tsx}"],
  rules: restrict([
    {
      regex: `(^@slotwire/server)|(${upwards}(packages|apps|server)/)|(^node:)`,
      message: "The dashboard imports react, client and contract by name; never the server.",
    },
  ]),
};

function restrict(patterns: ForbiddenImport[]): NonNullable<Override["rules"]> {
  return { "no-restricted-imports": ["error", { patterns }] };
}

/** Whether the room is one file directly under src/, like `config.ts`. */
function isOneFile(room: string): boolean {
  return ["main", "config", "errors", "clock", "same-secret"].includes(room);
}
