import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningHub } from "../src/cli/start-hub.ts";
import { calcomFixture, type CalcomFixtureName } from "../src/connectors/calcom/fixtures.ts";
import { type Database, system } from "../src/db/database.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { createHubHome, type HubHome, startHubAt } from "./running-hub.ts";
import {
  createRandom,
  type Operation,
  operationsOf,
  pick,
  type Random,
  sampleRequest,
  type SampledRequest,
} from "./sample-request.ts";
import { readStream, type StreamReader } from "./stream-reader.ts";
import { until } from "./until.ts";

/** `SLOTWIRE_TEST_SEED=<number>` repeats a run's choices. */
const seed = Number(process.env["SLOTWIRE_TEST_SEED"] ?? Math.floor(Math.random() * 1e9));
const STEPS = 240;
const LANES = 4;

interface Heard {
  readonly from: string;
  readonly text: string;
  readonly operation?: string;
  readonly status?: number;
}

/** What one organisation said and heard. */
interface Party {
  readonly name: string;
  readonly orgId: string;
  /** In every name and address that its bookings have. */
  readonly marker: string;
  /** Of a signed-in owner, and of a program with a key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly keyHeaders: Readonly<Record<string, string>>;
  readonly connection: { readonly id: string; readonly secret: string };
  readonly receiver: Receiver;
  readonly stream: StreamReader;
  readonly heard: Heard[];
  /** Ids of the other one that it sent as free text itself: those are its own words. */
  readonly ownWords: Set<string>;
}

let home: HubHome;
let running: RunningHub;
let parties: readonly [Party, Party];
let operations: readonly Operation[];

beforeAll(async () => {
  home = await createHubHome();
  running = await startHubAt(home);
  operations = operationsOf(running.app.swagger());
  const other = await createOrganisation("Beta");
  parties = [
    await join("Alpha", running.hub.defaultOrgId, running.ownerId),
    await join("Beta", other.orgId, other.ownerId),
  ];
}, 60_000);

afterAll(async () => {
  for (const { receiver, stream } of parties ?? []) {
    stream.close();
    await receiver.close();
  }
  await running?.stop();
  await home?.remove();
});

async function createOrganisation(name: string): Promise<{ orgId: string; ownerId: string }> {
  const [orgId, ownerId] = [randomUUID(), randomUUID()];
  await running.hub.db.transaction(system, async (tx) => {
    await tx.query("INSERT INTO organisation (id, slug, name, time_zone) VALUES ($1, $2, $3, $4)", [
      orgId,
      name.toLowerCase(),
      name,
      "Europe/Warsaw",
    ]);
    await tx.query("INSERT INTO app_user (id, name) VALUES ($1, $2)", [ownerId, `${name} owner`]);
    await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'owner')", [
      orgId,
      ownerId,
    ]);
  });
  return { orgId, ownerId };
}

async function join(name: string, orgId: string, ownerId: string): Promise<Party> {
  const { hub, address } = running;
  const { createSignInLink } = await import("../src/access/create-sign-in-link.ts");
  const { token } = await createSignInLink(hub, { userId: ownerId, orgId });
  const signedIn = await fetch(`${address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const headers = { cookie, "sec-fetch-site": "same-origin", "content-type": "application/json" };
  const key = await fetch(`${address}/api/v1/api-keys`, {
    method: "POST",
    headers,
    body: JSON.stringify({ name: "Everything", scopes: ["admin"], requests_per_minute: 100_000 }),
  });
  expect(key.status, await key.clone().text()).toBe(201);
  const { key: secretKey } = (await key.json()) as { key: string };
  const keyHeaders = {
    authorization: `Bearer ${secretKey}`,
    "content-type": "application/json",
  };
  const connection = { id: randomUUID(), secret: `secret of ${name}` };
  await hub.db.transaction(system, (tx) =>
    tx.query(
      `INSERT INTO connection (org_id, id, kind, name, origin, secret_sealed)
       VALUES ($1, $2, 'calcom', $3, 'user', $4)`,
      [orgId, connection.id, `${name}'s calendar`, hub.secretBox.seal(connection.secret)],
    ),
  );
  const receiver = await startReceiver();
  const made = await fetch(`${address}/api/v1/destinations`, {
    method: "POST",
    headers,
    body: JSON.stringify({ name: `${name} hears`, url: receiver.url, payload_mode: "full" }),
  });
  expect(made.status, await made.clone().text()).toBe(201);
  const stream = await readStream(address, { headers, query: "after=0" });
  expect(stream.status).toBe(200);
  const marker = `${name}-${randomUUID().slice(0, 8)}`.toLowerCase();
  const heard: Party["heard"] = [];
  const own = { name, orgId, marker, headers, keyHeaders, connection };
  return { ...own, receiver, stream, heard, ownWords: new Set() };
}

/** Routes that a person's session does not survive. A stream never ends; the open one stands for it. */
const endsSession =
  /^(DELETE .*\/(session|sessions|account\/totp)|PUT .*(organisation|password)|POST .*\/(totp\/confirm|accept)|GET .*\/stream)$/;

async function ask(
  party: Party,
  operation: Operation,
  request: SampledRequest,
  random: Random,
): Promise<number> {
  const name = `${operation.method} ${operation.path}`;
  if (name === "GET /api/v1/stream") return 200;
  const usesKey = endsSession.test(name) || random() < 0.5;
  const { "content-type": _type, ...bare } = usesKey ? party.keyHeaders : party.headers;
  const response = await fetch(`${running.address}${request.url}`, {
    method: request.method,
    headers: request.payload === null ? bare : { ...bare, "content-type": "application/json" },
    redirect: "manual",
    ...(request.payload === null ? {} : { body: JSON.stringify(request.payload) }),
  });
  if (response.ok) for (const id of request.asText) party.ownWords.add(id);
  const head = JSON.stringify([...response.headers]);
  const text = await response.text();
  // The request's own id is in its answer, and in the audit log of the account that it tried.
  const requestId = /"request_id":"([^"]*)"/.exec(text)?.[1];
  if (requestId !== undefined) party.ownWords.add(requestId);
  party.heard.push({
    from: `${request.method} ${request.url} ${JSON.stringify(request.payload)}`,
    text: `${response.status} ${head} ${text}`,
    operation: name,
    status: response.status,
  });
  return response.status;
}

const stories: readonly CalcomFixtureName[] = [
  "booking_created",
  "booking_requested",
  "booking_cancelled",
  "booking_no_show_updated",
];

/** Both organisations use the same few uids: whose they are is told by the connection alone. */
async function receive(party: Party, random: Random): Promise<void> {
  const { id, secret } = party.connection;
  const person = { name: `Kim ${party.marker}`, email: `${party.marker}@example.com` };
  const name = pick(random, stories);
  const body = JSON.stringify(
    calcomFixture(name, {
      uid: `shared-uid-${Math.floor(random() * 20)}`,
      title: `Visit of ${party.marker}`,
      attendees: [{ ...person, timeZone: "Europe/Stockholm" }],
      metadata: { note: party.marker },
    }),
  );
  const response = await fetch(`${running.address}/api/webhooks/calcom/${id}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-cal-signature-256": createHmac("sha256", secret).update(body).digest("hex"),
    },
    body,
  });
  const text = await response.text();
  expect(response.status, text).toBeLessThan(300);
  party.heard.push({ from: `webhook ${name}`, text });
}

/** Makes a booking by the API and cancels it again, sometimes. */
async function book(party: Party, random: Random): Promise<void> {
  const { keyHeaders: headers, marker } = party;
  const made = await fetch(`${running.address}/api/v1/bookings`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      starts_at: "2026-03-01T10:00:00Z",
      ends_at: "2026-03-01T11:00:00Z",
      title: `Booked by ${marker}`,
      attendees: [{ name: marker, email: `${marker}@example.com` }],
    }),
  });
  const text = await made.text();
  expect(made.status, text).toBe(201);
  party.heard.push({ from: "booking", text });
  if (random() < 0.5) return;
  const { id } = JSON.parse(text) as { id: string };
  const path = `${running.address}/api/v1/bookings/${id}/cancel`;
  const cancelled = await fetch(path, { method: "POST", headers, body: "{}" });
  party.heard.push({ from: "cancel", text: await cancelled.text() });
}

/** What would take the ground from under the test: its own connection, key, account, destination. */
const endsItself = ({ method, path }: Operation): boolean =>
  method === "DELETE" ||
  /^\/api\/v1\/(session|account|members)|\/(pause|rotate-[a-z-]+)$/.test(path) ||
  (method === "PATCH" && /connections|destinations/.test(path));

/** Every UUID in a row of the organisation that is not the row of a person. */
async function idsOf(db: Database, orgId: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const [table, text] of await rowsOf(db, orgId)) {
    for (const [id] of text.matchAll(uuids)) ids.add(id);
    expect(table).not.toBe("");
  }
  return ids;
}

/** Where strangers come in: sources, and whoever signs in. */
const openDoor = /^\/api\/(webhooks\/|v1\/(session$|password-reset|invitations\/(preview|accept)))/;

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** All rows of the organisation by table, as text. */
async function rowsOf(db: Database, orgId: string): Promise<Map<string, string>> {
  return db.transaction(system, async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE a.attname = 'org_id' AND c.relkind IN ('r', 'p')
          AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
    const rows = new Map<string, string>();
    for (const { name } of tables) {
      const [row] = await tx.query<{ text: string }>(
        `SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') AS text
           FROM ${name} t WHERE org_id = $1`,
        [orgId],
      );
      rows.set(name, row?.text ?? "");
    }
    return rows;
  });
}

/** What a party heard that belongs to the other one. */
function leaks(party: Party, foreign: ReadonlySet<string>, foreignMarker: string): string[] {
  const everything = [
    ...party.heard,
    { from: "its stream", text: party.stream.text() },
    ...party.receiver.requests.map(({ headers, body }) => ({
      from: "its receiver",
      text: `${JSON.stringify(headers)} ${body}`,
    })),
  ];
  return everything.flatMap(({ from, text }) => {
    const found = [...text.matchAll(uuids)]
      .map(([id]) => id)
      .filter((id) => foreign.has(id) && !party.ownWords.has(id));
    if (text.includes(foreignMarker)) found.push(foreignMarker);
    return found.map((id) => `${party.name} heard ${id} from ${from}: ${text.slice(0, 300)}`);
  });
}

const without = (set: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> =>
  new Set([...set].filter((id) => !others.has(id)));

async function foreignIds(): Promise<[Set<string>, Set<string>]> {
  const [alpha, beta] = await Promise.all(parties.map(({ orgId }) => idsOf(running.hub.db, orgId)));
  if (alpha === undefined || beta === undefined) throw new Error("no ids");
  return [without(beta, alpha), without(alpha, beta)];
}

async function expectNoLeaks(): Promise<void> {
  const foreign = await foreignIds();
  const [alpha, beta] = parties;
  const found = [
    ...leaks(alpha, foreign[0], beta.marker),
    ...leaks(beta, foreign[1], alpha.marker),
  ];
  expect(found, `seed ${seed}`).toEqual([]);
}

describe("two organisations on one hub", () => {
  test("do everything at once, and never hear of each other", { timeout: 120_000 }, async () => {
    const [alpha, beta] = parties;
    await Promise.all([receive(alpha, () => 0), receive(beta, () => 0)]);
    const busy = parties.flatMap((party, index) =>
      Array.from({ length: LANES }, async (_, lane) => {
        const random = createRandom(seed + index * 100 + lane);
        let foreign: string[] = [];
        let own: string[] = [];
        for (let step = 0; step < STEPS / LANES; step += 1) {
          if (step % 10 === 0) {
            const ids = await foreignIds();
            foreign = [...(ids[index] ?? [])];
            own = [...(ids[1 - index] ?? [])];
          }
          const dice = random();
          if (dice < 0.3) await receive(party, random);
          else if (dice < 0.4) await book(party, random);
          else {
            const operation = pick(random, operations);
            const usesOwn = dice < 0.8 && !endsItself(operation);
            const ids = usesOwn ? own : foreign;
            const given = { ids, url: party.receiver.url };
            await ask(party, operation, sampleRequest(operation, random, given), random);
          }
        }
      }),
    );
    await Promise.all(busy);
    for (const party of parties) await until(() => party.receiver.requests.length > 0);
    await untilQuiet();
    expect(alpha.stream.events.length).toBeGreaterThan(5);
    expect(beta.stream.events.length).toBeGreaterThan(5);
    await expectNoLeaks();
  });

  test(
    "cannot touch anything of each other, by any route and any id",
    { timeout: 120_000 },
    async () => {
      const foreign = await foreignIds();
      for (const [index, attacker] of parties.entries()) {
        const victim = parties[1 - index];
        const ids = [...(foreign[index] ?? [])];
        if (victim === undefined || ids.length === 0) throw new Error("nobody to attack");
        const before = await rowsOf(running.hub.db, victim.orgId);
        const random = createRandom(seed + 7 + index);
        // A source's address is open to strangers, and the connection shows that one was refused.
        const routes = operations.filter(({ path }) => !openDoor.test(path));
        const withIds = routes.filter(({ path }) => path.includes("{"));
        for (const operation of [...routes, ...withIds, ...withIds, ...withIds]) {
          const request = sampleRequest(operation, random, { ids, url: attacker.receiver.url });
          const status = await ask(attacker, operation, request, random);
          expect(status, `${request.method} ${request.url}`).toBeLessThan(500);
        }
        await untilQuiet();
        // It was let in all the while, or its failures would prove nothing.
        for (const headers of [attacker.headers, attacker.keyHeaders]) {
          const answer = await fetch(`${running.address}/api/v1/bookings`, { headers });
          expect(answer.status).toBe(200);
        }
        expect(await rowsOf(running.hub.db, victim.orgId)).toEqual(before);
      }
      await expectNoLeaks();
    },
  );

  test("are told apart by a check that finds what should not be there", async () => {
    const [alpha, beta] = parties;
    const foreign = await foreignIds();
    const id = [...foreign[0]].find((candidate) => !alpha.ownWords.has(candidate));
    const gossip = { ...alpha, heard: [{ from: "gossip", text: `booking ${id}` }] };
    expect(leaks(gossip, foreign[0], beta.marker)).toHaveLength(1);
    const name = { ...alpha, heard: [{ from: "gossip", text: `Kim ${beta.marker}` }] };
    expect(leaks(name, foreign[0], beta.marker)).toHaveLength(1);
  });
});

/** Until nothing is under way any more: no delivery is due, and no row changes. */
async function untilQuiet(): Promise<void> {
  const { db } = running.hub;
  await until(async () => {
    const [row] = await db.transaction(system, (tx) =>
      tx.query<{ open: number }>(
        "SELECT count(*)::int AS open FROM delivery WHERE status IN ('pending', 'sending')",
      ),
    );
    return row?.open === 0;
  });
}
