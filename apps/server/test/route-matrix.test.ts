import {
  type AuditEntry,
  type List,
  type Role,
  roles,
  type Scope,
  scopes,
} from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Action, type Asker, grantOf } from "../src/access/can.ts";
import { inboxFixture, type InboxFixture } from "./inbox-fixture.ts";
import { type Line, routeMatrix } from "./route-matrix.ts";
import { matrixWorld, type Thing, type World } from "./route-matrix-world.ts";
import { createTestOrganisation } from "./test-database.ts";
import { withKey } from "./test-hub.ts";

/** Whoever calls: what the table grants them, and the headers that they come with. */
interface Caller {
  readonly name: string;
  readonly kind: "nobody" | "person" | "stranger" | "key" | "expired key";
  readonly asker: Asker;
  readonly headers: (line: Line) => Promise<Record<string, string>>;
}
type Outcome = "let in" | "401" | "403" | "404";

interface Operation {
  readonly name: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** What the description says that a success answers. */
  readonly successes: readonly number[];
}

let fixture: InboxFixture;
let world: World;
let callers: readonly Caller[];
let operations: readonly Operation[];
/** Things that nobody changes: those who are refused ask for them. */
const kept = new Map<Thing, string>();

beforeAll(async () => {
  fixture = await inboxFixture({ config: { allowPrivateDestinations: true } });
  world = await matrixWorld(fixture);
  callers = await everybody();
  operations = await describedOperations();
  const things = new Set(Object.values(routeMatrix).flatMap(({ on }) => on ?? []));
  for (const thing of things) kept.set(thing, await world.make(thing));
});
afterAll(() => fixture.close());

async function describedOperations(): Promise<Operation[]> {
  const answer = await fixture.app.inject({ url: "/api/v1/openapi.json" });
  const { paths } = answer.json<{
    paths: Record<string, Record<string, { responses: Record<string, object> }>>;
  }>();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase() as Operation["method"],
      path,
      successes: Object.keys(responses)
        .map(Number)
        .filter((status) => status < 400),
    })),
  );
}

async function everybody(): Promise<Caller[]> {
  const role = async (name: Role): Promise<Caller> => signedIn(name, "person", name, undefined);
  const people = [];
  for (const name of roles) people.push(await role(name));
  const { orgId: elsewhere } = await createTestOrganisation(fixture.hub.db);
  return [
    {
      name: "nobody",
      kind: "nobody",
      asker: { role: "viewer", scopes: [] },
      headers: async () => ({}),
    },
    await signedIn("a member of another organisation", "stranger", "owner", elsewhere),
    ...people,
    await expiredKey(),
    await keyWithout(),
    keyWith(),
  ];
}

async function signedIn(
  name: string,
  kind: "person" | "stranger",
  role: Role,
  orgId: string | undefined,
): Promise<Caller> {
  const usual = await world.browser(await world.person(role, orgId), orgId);
  // What changes or ends sessions, all of the person's perhaps, is done by another one.
  const twin = await world.person(role, orgId);
  const headers = async ({ gate }: Line): Promise<Record<string, string>> =>
    typeof gate === "object" ? usual : world.browser(twin, orgId);
  return { name, kind, asker: { role, scopes: null }, headers };
}

async function expiredKey(): Promise<Caller> {
  const headers = await world.key(["admin"], new Date(Date.now() - 1000));
  const asker: Asker = { role: "admin", scopes: ["admin"] };
  return { name: "an expired key", kind: "expired key", asker, headers: async () => headers };
}

async function keyWithout(): Promise<Caller> {
  const held: Scope[] = ["notify:write"];
  const headers = await world.key(held);
  const asker: Asker = { role: "admin", scopes: held };
  return { name: "a key without the scope", kind: "key", asker, headers: async () => headers };
}

/** A key with the narrowest scope that opens the route. */
function keyWith(): Caller {
  const keys = new Map<Scope, Record<string, string>>();
  const headers = async ({ gate }: Line): Promise<Record<string, string>> => {
    const scope = typeof gate === "object" ? scopeFor(gate.action) : "admin";
    const known = keys.get(scope) ?? (await world.key([scope]));
    keys.set(scope, known);
    return known;
  };
  const asker: Asker = { role: "admin", scopes: ["admin"] };
  return { name: "a key with the scope", kind: "key", asker, headers };
}

function scopeFor(action: Action): Scope {
  const opens = (scope: Scope): boolean =>
    grantOf({ role: "admin", scopes: [scope] }, action) !== "none";
  return scopes.find((scope) => scope !== "admin" && opens(scope)) ?? "admin";
}

/** What the table says that has to happen. */
function expected({ gate, on }: Line, path: string, { kind, asker }: Caller): Outcome {
  if (kind === "expired key" && path.startsWith("/api/v1/")) return "401";
  if (gate === "public" || gate === "source") return "let in";
  if (gate === "page" || kind === "nobody") return "401";
  if (gate === "person") return kind === "key" ? "403" : "let in";
  const grant = grantOf(asker, gate.action);
  if (grant === "none" || (gate.all && grant !== "all")) return "403";
  const isHidden = kind === "stranger" || grant === "own";
  return on !== undefined && isHidden ? "404" : "let in";
}

let calls = 0;

async function call(operation: Operation, line: Line, caller: Caller, outcome: Outcome) {
  const { method, path } = operation;
  const isUsedUp = outcome === "let in" && method !== "GET";
  const id = line.on && (isUsedUp ? await world.make(line.on) : kept.get(line.on));
  calls += 1;
  const no = calls;
  const url = path
    .replace("{kind}", "calcom")
    .replace("{token}", "a-token")
    .replace(/\{\w+\}/, id ?? "");
  return fixture.app.inject({
    method,
    url: `${url}${line.query ?? ""}`,
    // An address of its own: nobody is to be turned away for what others tried.
    remoteAddress: `10.0.${Math.floor(no / 250)}.${no % 250}`,
    headers: { ...(await caller.headers(line)), ...line.headers },
    ...(line.body && { payload: line.body(no) }),
  });
}

type Answer = Awaited<ReturnType<typeof call>>;

function outcomeOf(answer: Answer, { successes }: Operation, line: Line): string {
  const status = answer.statusCode;
  const code = status < 400 ? null : answer.json<{ code: string }>().code;
  const said = `${status} ${code}`;
  if (said === line.answers) return "let in";
  if (code === null)
    return line.answers === undefined && successes.includes(status) ? "let in" : said;
  if (said === "401 E_UNAUTHENTICATED" || said === "401 E_KEY_EXPIRED") return "401";
  if (said === "403 E_FORBIDDEN") return "403";
  return said === "404 E_NOT_FOUND" ? "404" : said;
}

test("every route of the API has a line in the matrix, and every line a route", () => {
  expect(Object.keys(routeMatrix).toSorted()).toEqual(
    operations.map(({ name }) => name).toSorted(),
  );
});

test("everybody may use exactly the routes that the matrix says", async () => {
  const wrong: string[] = [];
  for (const operation of operations) {
    const line = routeMatrix[operation.name];
    if (line === undefined) continue;
    for (const caller of callers) {
      const outcome = expected(line, operation.path, caller);
      const answer = await call(operation, line, caller, outcome);
      const happened = outcomeOf(answer, operation, line);
      if (happened !== outcome) {
        wrong.push(`${operation.name}: ${caller.name}: ${happened}, not ${outcome}`);
      }
      const isShown = [...kept.values()].some((id) => answer.body.includes(id));
      if (caller.kind === "stranger" && isShown) {
        wrong.push(`${operation.name}: shows what is another organisation's`);
      }
    }
  }
  expect(wrong).toEqual([]);
}, 60_000);

test("whoever was refused has changed nothing", async () => {
  const ids = [...kept.values()];
  const log = await fixture.app.inject({ url: "/api/v1/audit?limit=200", headers: withKey });
  // The things themselves were made by the hub, and by the key of its environment.
  const changed = log
    .json<List<AuditEntry>>()
    .data.filter(({ entity_id: id }) => id !== null && ids.includes(id))
    .filter(({ actor }) => actor.kind !== "system" && actor.id !== "environment");
  expect(changed).toEqual([]);
});
