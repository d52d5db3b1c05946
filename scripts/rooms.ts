/**
 * The walls of the house: which room may import which. This table is the only place where
 * they are written down; `oxlint.config.ts` turns it into lint rules and
 * `scripts/rooms.test.ts` proves that they are enforced.
 *
 * Glossary. A *room* is a folder or a single file directly under `apps/server/src`.
 * The *floor* is what every room stands on.
 */

/** What every room may import, beside `@slotwire/contract` and its own files. */
export const floor = ["errors", "clock", "same-secret"] as const;

const belowHttp = [
  "domain",
  "db",
  "ledger",
  "connectors",
  "inbox",
  "calendars",
  "destinations",
  "commands",
  "customers",
  "crm",
  "visits",
  "insights",
  "live",
  "access",
  "mail",
  "network",
  "reconcile",
  "alerts",
  "feeds",
] as const;

/** A room and the rooms it may import; `"everything"` is the composition root's privilege. */
export const rooms: Readonly<Record<string, readonly string[] | "everything">> = {
  main: "everything",
  cli: "everything",
  demo: "everything",
  config: [],
  errors: [],
  clock: [],
  "same-secret": [],
  domain: [],
  db: [],
  ledger: ["domain", "db"],
  connectors: ["domain"],
  alerts: ["access", "db", "domain"],
  inbox: ["alerts", "ledger", "connectors", "access", "db", "domain"],
  calendars: ["ledger", "connectors", "db", "domain"],
  destinations: ["alerts", "ledger", "access", "db", "domain", "network"],
  commands: ["reconcile", "inbox", "ledger", "connectors", "access", "db", "domain"],
  feeds: ["access", "db", "domain"],
  customers: ["ledger", "access", "db", "domain"],
  crm: ["customers", "ledger", "access", "db", "domain"],
  visits: ["customers", "ledger", "db", "domain"],
  insights: ["db", "domain"],
  live: ["ledger", "access", "db", "domain"],
  access: ["db", "domain"],
  mail: [],
  network: [],
  reconcile: ["inbox", "ledger", "connectors", "access", "db", "domain"],
  jobs: belowHttp,
  // The HTTP room takes the settings as a typed object; only the composition root reads them.
  http: [...belowHttp, "jobs", "config"],
};

export interface PackageWall {
  /** A regular expression of the package's name. */
  readonly name: string;
  /** The rooms that may use it, beside the composition root. */
  readonly rooms: readonly string[];
}

/** Outside packages that belong to few rooms. All others may be used everywhere. */
export const packageRooms: readonly PackageWall[] = [
  { name: "(pg|@electric-sql/pglite)", rooms: ["db"] },
  { name: "(fastify|fastify-type-provider-zod|@fastify/.*)", rooms: ["http"] },
  { name: "nodemailer", rooms: ["mail"] },
  {
    name: "kysely",
    rooms: Object.keys(rooms).filter((room) => canReachDatabase(room)),
  },
  {
    name: "(node:)?(fs|net|http|https|http2|tls|dns|dgram|child_process|worker_threads)(/.*)?",
    rooms: Object.keys(rooms).filter((room) => room !== "domain"),
  },
  {
    name: "undici",
    rooms: Object.keys(rooms).filter((room) => !["domain", "db", "ledger"].includes(room)),
  },
];

/** What each workspace package may import beside its own files. */
export const packageWalls: Readonly<Record<string, readonly string[]>> = {
  "packages/contract": ["zod"],
  "packages/client": ["@slotwire/contract"],
  // What pages for browsers do not load: `@slotwire/client/node`.
  "packages/client/src/node": [
    "@slotwire/contract",
    "node:crypto",
    "node:fs",
    "node:os",
    "node:path",
  ],
  "packages/react": ["@slotwire/client", "@slotwire/contract", "react"],
};

/** Whether `from` may import files of `to`. Unknown rooms may import nothing but the floor. */
export function mayImport(from: string, to: string): boolean {
  const allowed = rooms[from] ?? [];
  if (from === to || allowed === "everything") return true;
  return allowed.includes(to) || (isFloor(to) && !isFloor(from));
}

function canReachDatabase(room: string): boolean {
  return room === "db" || rooms[room] === "everything" || (rooms[room] ?? []).includes("db");
}

function isFloor(room: string): boolean {
  return (floor as readonly string[]).includes(room);
}
