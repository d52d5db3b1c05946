import { afterAll, beforeAll, expect, test } from "vitest";
import { type Action, grantOf } from "../src/access/can.ts";
import { system } from "../src/db/database.ts";
import { inboxFixture, type InboxFixture } from "./inbox-fixture.ts";
import { type Caller, expected, type Outcome } from "./route-matrix-caller.ts";
import { keyCallers, streamPermission } from "./route-matrix-keys.ts";
import { peopleCallers } from "./route-matrix-people.ts";
import { type Line, routeMatrix } from "./route-matrix.ts";
import { matrixWorld, type Thing, type World } from "./route-matrix-world.ts";

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
  fixture = await inboxFixture({ config: { allowPrivateDestinations: true, demo: true } });
  world = await matrixWorld(fixture);
  callers = [...(await peopleCallers(fixture, world)), ...(await keyCallers(fixture, world))];
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

let calls = 0;

async function call(operation: Operation, line: Line, caller: Caller, outcome: Outcome) {
  const { method, path } = operation;
  const id = line.on && (await idFor(line.on, method, caller, outcome));
  calls += 1;
  const no = calls;
  const url = path
    .replace("{kind}", "calcom")
    .replace("{token}", "a-token")
    .replace(/\{\w+\}/, id ?? "");
  // Everybody has a grant that counts: it takes a publishable key to exchange it.
  const payload =
    line.gate === "page"
      ? { grant: await streamPermission(fixture.hub, { grant: true }) }
      : line.body?.(no);
  return fixture.app.inject({
    method,
    url: `${url}${line.query ?? ""}`,
    // An address of its own: nobody is to be turned away for what others tried.
    remoteAddress: `10.0.${Math.floor(no / 250)}.${no % 250}`,
    headers: { ...(await caller.headers(line)), ...line.headers },
    ...(payload && { payload }),
  });
}

/** What somebody asks for: their own, a new one of the organisation's, or what has to stay. */
async function idFor(
  thing: Thing,
  method: Operation["method"],
  { own }: Caller,
  outcome: Outcome,
): Promise<string | undefined> {
  const makeOwn = own?.[thing];
  if (makeOwn !== undefined) return makeOwn();
  const isUsedUp = outcome === "let in" && method !== "GET";
  return isUsedUp ? world.make(thing) : kept.get(thing);
}

type Answer = Awaited<ReturnType<typeof call>>;

function outcomeOf(
  answer: Answer,
  { successes }: Operation,
  { on, answers }: Line,
  { own }: Caller,
): string {
  const status = answer.statusCode;
  const code = status < 400 ? null : (answer.json<{ code?: string }>().code ?? "without a code");
  const said = `${status} ${code}`;
  // What is one's own is always there.
  const problem = on !== undefined && own?.[on] !== undefined ? undefined : answers;
  if (said === problem) return "let in";
  if (code === null) return problem === undefined && successes.includes(status) ? "let in" : said;
  if (said === "401 E_UNAUTHENTICATED" || said === "401 E_KEY_EXPIRED") return "401";
  if (said === "403 E_FORBIDDEN") return "403";
  if (said === "403 E_KEY_ADDRESS" || said === "403 E_CROSS_SITE") return said.slice(4);
  return said === "404 E_NOT_FOUND" ? "404" : said;
}

/** Which of the kept things' ids the answer must not hold. */
function hiddenFrom({ kind, asker }: Caller, outcome: Outcome): string[] {
  if (kind === "stranger" || kind === "nobody" || kind === "page") return [...kept.values()];
  if (outcome !== "let in") return [...kept.values()];
  const actionOf = {
    booking: "bookings:read",
    customer: "customers:read",
    subject: "customers:read",
    apiKey: "keys:read",
    delivery: "deliveries:read",
    lead: "activities:read",
    task: "tasks:read",
  };
  return Object.entries(actionOf).flatMap(([thing, action]) => {
    const grant = grantOf(asker, action as Action);
    return grant === "own" || grant === "none" ? (kept.get(thing as Thing) ?? []) : [];
  });
}

test("every route of the API has a line in the matrix, and every line a route", () => {
  expect(Object.keys(routeMatrix).toSorted()).toEqual(
    operations.map(({ name }) => name).toSorted(),
  );
});

test("everybody may use exactly the routes that the matrix says", async () => {
  const before = await keptRows();
  const wrong: string[] = [];
  for (const operation of operations) {
    const line = routeMatrix[operation.name];
    if (line === undefined) continue;
    for (const caller of callers) {
      const outcome = expected(line, operation, caller);
      const answer = await call(operation, line, caller, outcome);
      const happened = outcomeOf(answer, operation, line, caller);
      if (happened !== outcome) {
        wrong.push(`${operation.name}: ${caller.name}: ${happened}, not ${outcome}`);
      }
      if (hiddenFrom(caller, outcome).some((id) => answer.body.includes(id))) {
        wrong.push(`${operation.name}: ${caller.name}: is shown what is not theirs`);
      }
    }
  }
  expect(wrong).toEqual([]);
  // Whoever was refused has changed nothing.
  expect(await keptRows()).toEqual(before);
}, 180_000);

/** Where a thing's row is, and by which column it is found. */
const rowOf: Readonly<Record<Thing, readonly [table: string, column: string]>> = {
  booking: ["booking", "id"],
  command: ["command", "id"],
  customer: ["customer", "id"],
  subject: ["subject", "id"],
  destination: ["destination", "id"],
  delivery: ["delivery", "id"],
  replay: ["replay", "id"],
  connection: ["connection", "id"],
  mappedConnection: ["connection", "id"],
  reconcileRun: ["reconcile_run", "id"],
  message: ["inbound_message", "id"],
  reprocessJob: ["reprocess_job", "id"],
  alert: ["alert", "id"],
  member: ["membership", "user_id"],
  invitation: ["invitation", "id"],
  apiKey: ["api_key", "id"],
  session: ["session", "id"],
  feed: ["calendar_feed", "id"],
  lead: ["lead", "id"],
  task: ["task", "id"],
};

/** The rows of the things that nobody may have changed, and what the audit log says of them. */
async function keptRows(): Promise<Record<string, string[]>> {
  const rows: Record<string, string[]> = {};
  await fixture.hub.db.transaction(system, async (tx) => {
    for (const [thing, id] of kept) {
      const [table, column] = rowOf[thing];
      const found = await tx.query<{ row: string }>(
        `SELECT t::text AS row FROM ${table} t WHERE ${column} = $1
          UNION ALL SELECT a::text FROM audit_log a WHERE entity_id = $1::text ORDER BY 1`,
        [id],
      );
      expect(found.length, thing).toBeGreaterThan(0);
      rows[thing] = found.map(({ row }) => row);
    }
  });
  return rows;
}
