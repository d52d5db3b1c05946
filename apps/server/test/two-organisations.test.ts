import { createHmac, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSignInLink } from "../src/access/create-sign-in-link.ts";
import { signIn as signInByLink } from "../src/access/sign-in.ts";
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
  takesIds,
} from "./sample-request.ts";
import { readStream, type StreamReader } from "./stream-reader.ts";
import { until } from "./until.ts";

/** `SLOTWIRE_TEST_SEED=<number>` repeats a run's choices. */
const seed = Number(process.env["SLOTWIRE_TEST_SEED"] ?? Math.floor(Math.random() * 1e9));
/** The embedded database does one thing at a time, so that fewer steps meet as much. */
const STEPS = process.env["SLOTWIRE_TEST_ENGINE"] === "postgres" ? 240 : 120;
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
  /** In every name and address that it has, of people, bookings and settings. */
  readonly marker: string;
  /** Of a signed-in owner, and of a program with a key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly keyHeaders: Readonly<Record<string, string>>;
  /** Signs another owner in, for what ends sessions. */
  readonly deputy: () => Promise<Readonly<Record<string, string>>>;
  readonly connection: { readonly id: string; readonly secret: string };
  readonly receiver: Receiver;
  readonly stream: StreamReader;
  /** Streams that it opened for what is the other one's: nothing is to come. */
  readonly spies: StreamReader[];
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
  for (const { receiver, stream, spies } of parties ?? []) {
    for (const open of [stream, ...spies]) open.close();
    await receiver.close();
  }
  await running?.stop();
  await home?.remove();
});

async function createOrganisation(name: string): Promise<{ orgId: string; ownerId: string }> {
  const orgId = randomUUID();
  await running.hub.db.transaction(system, (tx) =>
    tx.query("INSERT INTO organisation (id, slug, name, time_zone) VALUES ($1, $2, $3, $4)", [
      orgId,
      name.toLowerCase(),
      name,
      "Europe/Warsaw",
    ]),
  );
  return { orgId, ownerId: await createOwner(orgId) };
}

async function createOwner(orgId: string): Promise<string> {
  const userId = randomUUID();
  await running.hub.db.transaction(system, async (tx) => {
    await tx.query("INSERT INTO app_user (id, name) VALUES ($1, 'An owner')", [userId]);
    await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'owner')", [
      orgId,
      userId,
    ]);
  });
  return userId;
}

/** Begins a session, without the route that slows down whoever does so often. */
async function signIn(orgId: string, userId: string): Promise<Record<string, string>> {
  const link = await createSignInLink(running.hub, { userId, orgId });
  const { token } = await signInByLink(running.hub, link.token);
  const cookie = `slotwire_session=${token}`;
  return { cookie, "sec-fetch-site": "same-origin", "content-type": "application/json" };
}

/** Whatever has a name is called after the marker, so that no name leaks unseen. */
async function nameAll(orgId: string, marker: string): Promise<void> {
  await running.hub.db.transaction(system, async (tx) => {
    await tx.query("UPDATE organisation SET name = $2 WHERE id = $1", [orgId, `Salon ${marker}`]);
    await tx.query(
      `UPDATE app_user SET name = $2, email = id::text || $3
        WHERE id IN (SELECT user_id FROM membership WHERE org_id = $1)`,
      [orgId, `Owner of ${marker}`, `@${marker}.example`],
    );
  });
}

async function join(name: string, orgId: string, ownerId: string): Promise<Party> {
  const { hub, address } = running;
  const marker = `${name}-${randomUUID().slice(0, 8)}`.toLowerCase();
  const deputyId = await createOwner(orgId);
  await nameAll(orgId, marker);
  const headers = await signIn(orgId, ownerId);
  const post = async <Body>(path: string, body: object): Promise<Body> => {
    const made = await fetch(`${address}/api/v1/${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    expect(made.status, await made.clone().text()).toBe(201);
    return (await made.json()) as Body;
  };
  const { key: secretKey } = await post<{ key: string }>("api-keys", {
    name: `${marker}'s key`,
    scopes: ["admin"],
    requests_per_minute: 100_000,
  });
  const keyHeaders = {
    authorization: `Bearer ${secretKey}`,
    "content-type": "application/json",
  };
  const connection = { id: randomUUID(), secret: `secret of ${marker}` };
  await hub.db.transaction(system, (tx) =>
    tx.query(
      `INSERT INTO connection (org_id, id, kind, name, origin, secret_sealed)
       VALUES ($1, $2, 'calcom', $3, 'user', $4)`,
      [orgId, connection.id, `${marker}'s calendar`, hub.secretBox.seal(connection.secret)],
    ),
  );
  await sell(orgId, marker);
  const receiver = await startReceiver();
  const destination = { name: `${marker} hears`, url: receiver.url, payload_mode: "full" };
  await post("destinations", destination);
  await post("invitations", { email: `invited@${marker}.example`, role: "staff" });
  const stream = await readStream(address, { headers, query: "after=0" });
  expect(stream.status).toBe(200);
  return {
    name,
    orgId,
    marker,
    headers,
    keyHeaders,
    deputy: () => signIn(orgId, deputyId),
    connection,
    receiver,
    stream,
    spies: [],
    heard: [],
    ownWords: new Set(),
  };
}

/** What a CRM has of a customer, as a booking site's messages would make it. */
async function sell(orgId: string, marker: string): Promise<void> {
  await running.hub.db.transaction(system, async (tx) => {
    const [lead] = await tx.query<{ id: string }>(
      `INSERT INTO lead (org_id, title, service_key, stage, source, estimated_value_minor, currency,
                         score, dedupe_key, last_activity_at)
       VALUES ($1, $2, 'workshop', 'NEW', $2, 0, 'SEK', 0, $2, now()) RETURNING id`,
      [orgId, `Lead of ${marker}`],
    );
    await tx.query(
      `INSERT INTO activity (org_id, lead_id, type, subject, activity_at, status)
       VALUES ($1, $2, 'MEETING', $3, now() + interval '1 day', 'scheduled')`,
      [orgId, lead?.id, `Meeting of ${marker}`],
    );
    await tx.query(
      `INSERT INTO task (org_id, lead_id, title, due_at, priority)
       VALUES ($1, $2, $3, now(), 'high')`,
      [orgId, lead?.id, `Task of ${marker}`],
    );
  });
}

/** Routes that a person's session does not survive. A stream never ends; the open one stands for it. */
const endsSession =
  /^(DELETE .*\/(session|sessions|account\/totp)|PUT .*(organisation|password)|POST .*\/(totp\/confirm|accept)|GET .*\/stream)$/;

async function ask(
  party: Party,
  operation: Operation,
  request: SampledRequest,
  usesKey: boolean,
): Promise<number> {
  const name = `${operation.method} ${operation.path}`;
  if (name === "GET /api/v1/stream") return 200;
  const asPerson = endsSession.test(name) ? party.deputy : async () => party.headers;
  const { "content-type": _type, ...bare } = usesKey ? party.keyHeaders : await asPerson();
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

/** What is an organisation's, of which the other one must not hear. */
interface Belongings {
  /** Ids of its rows by table, and every other UUID in them. */
  readonly byTable: readonly (readonly string[])[];
  readonly all: ReadonlySet<string>;
}

async function belongingsOf(db: Database, orgId: string): Promise<Belongings> {
  const byTable = [[orgId]];
  const all = new Set<string>();
  for (const text of (await rowsOf(db, orgId)).values()) {
    for (const [id] of text.matchAll(uuids)) all.add(id);
  }
  for (const { name, column } of await tablesOf(db)) {
    const rows = await db.transaction(system, (tx) =>
      tx.query<{ id: string }>(
        `SELECT DISTINCT ${column}::text AS id FROM ${name} WHERE org_id = $1 ORDER BY 1`,
        [orgId],
      ),
    );
    if (rows.length > 0) byTable.push(rows.map(({ id }) => id));
  }
  const sessions = await db.transaction(system, (tx) =>
    tx.query<{ id: string }>("SELECT id FROM session WHERE org_id_active = $1", [orgId]),
  );
  if (sessions.length > 0) byTable.push(sessions.map(({ id }) => id));
  return { byTable, all };
}

/** Tables of organisations, and the column by which a row is asked for. */
function tablesOf(db: Database): Promise<{ name: string; column: string }[]> {
  return db.transaction(system, (tx) =>
    tx.query<{ name: string; column: string }>(
      `SELECT c.relname AS name, i.attname AS column
         FROM pg_class c
         JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'org_id'
         JOIN pg_attribute i ON i.attrelid = c.oid AND i.atttypid = 'uuid'::regtype
          AND i.attname = CASE c.relname WHEN 'membership' THEN 'user_id' ELSE 'id' END
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    ),
  );
}

/** Where strangers come in: sources, whoever signs in, and receivers' people by a link. */
const openDoor =
  /^\/functions\/v1\/booking-event|^\/api\/(webhooks\/|bookings\/incoming|v1\/(portal\/|session$|password-reset|invitations\/(preview|mail|accept)))/;

/** Where the answer waits for one of a source. */
const asksSource = /\/bookings\/import$/;

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What the hub learns of an organisation's own messages, some time after they came. */
const learnedByTheClock: ReadonlySet<string> = new Set([
  "source_field",
  "source_reading",
  "source_trigger",
]);

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
      if (learnedByTheClock.has(name)) continue;
      const [row] = await tx.query<{ text: string }>(
        `SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') AS text
           FROM ${name} t WHERE org_id = $1`,
        [orgId],
      );
      rows.set(name, row?.text ?? "");
    }
    const members = "(SELECT user_id FROM membership WHERE org_id = $1)";
    for (const [name, query] of [
      ["organisation", "SELECT t::text AS text FROM organisation t WHERE id = $1"],
      ["app_user", `SELECT t::text AS text FROM app_user t WHERE id IN ${members} ORDER BY 1`],
      // Without the time of the last request.
      [
        "session",
        `SELECT concat(id, user_id, org_id_active, expires_at) AS text FROM session
          WHERE user_id IN ${members} ORDER BY 1`,
      ],
    ] as const) {
      const found = await tx.query<{ text: string }>(query, [orgId]);
      rows.set(name, found.map(({ text }) => text).join("\n"));
    }
    return rows;
  });
}

/** What a party heard that belongs to the other one. */
function leaks(party: Party, foreign: ReadonlySet<string>, other: Party): string[] {
  const everything = [
    ...party.heard,
    ...[party.stream, ...party.spies].map((stream) => ({
      from: "its stream",
      text: stream.text(),
    })),
    ...party.receiver.requests.map(({ path, headers, body }) => ({
      from: "its receiver",
      text: `${path} ${JSON.stringify(headers)} ${body}`,
    })),
  ];
  const words = [other.marker, other.receiver.url];
  return everything.flatMap(({ from, text }) => {
    const found = [...text.matchAll(uuids)]
      .map(([id]) => id)
      .filter((id) => foreign.has(id) && !party.ownWords.has(id));
    found.push(...words.filter((word) => text.includes(word)));
    return found.map((id) => `${party.name} heard ${id} from ${from}: ${text.slice(0, 300)}`);
  });
}

const without = (set: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> =>
  new Set([...set].filter((id) => !others.has(id)));

/** What the other one has, for each of the parties. */
async function foreignBelongings(): Promise<[Belongings, Belongings]> {
  const [alpha, beta] = await Promise.all(
    parties.map(({ orgId }) => belongingsOf(running.hub.db, orgId)),
  );
  if (alpha === undefined || beta === undefined) throw new Error("no ids");
  return [notOf(beta, alpha), notOf(alpha, beta)];
}

/** Rows are nobody else's; of other UUIDs, those that both have say nothing. */
function notOf({ byTable, all }: Belongings, other: Belongings): Belongings {
  const others = new Set(other.byTable.flat());
  const rows = byTable.flat().filter((id) => !others.has(id));
  return { byTable, all: new Set([...without(all, other.all), ...rows]) };
}

async function expectNoLeaks(): Promise<void> {
  const foreign = await foreignBelongings();
  const [alpha, beta] = parties;
  const found = [...leaks(alpha, foreign[0].all, beta), ...leaks(beta, foreign[1].all, alpha)];
  expect(found, `seed ${seed}`).toEqual([]);
}

/** Follows a booking and an owner of the other one, by every filter that a stream takes. */
async function spyOn(party: Party, { byTable }: Belongings, victim: Party): Promise<void> {
  const ids = byTable.flat().slice(0, 20);
  const { address } = running;
  const booking = victim.stream.events[0]?.booking_id ?? "";
  for (const filter of [
    { booking_ids: [booking] },
    { user_ids: ids },
    { provider_emails: [`${victim.marker}@example.com`] },
  ]) {
    const minted = await fetch(`${address}/api/v1/stream-tokens`, {
      method: "POST",
      headers: party.keyHeaders,
      body: JSON.stringify(filter),
    });
    expect(minted.status, await minted.clone().text()).toBe(201);
    const { token } = (await minted.json()) as { token: string };
    const headers = { authorization: `Bearer ${token}` };
    party.spies.push(await readStream(address, { headers, query: "after=0" }));
  }
  const { headers } = party;
  const [id = ""] = ids;
  for (const filter of [
    `after=0&booking_id=${booking}`,
    `recent=200&provider=${victim.marker}@example.com`,
    `after=0&customer_id=${id}`,
    `recent=200&user_id=${id}`,
    `after=0&provider=${id}`,
  ]) {
    party.spies.push(await readStream(address, { headers, query: filter }));
  }
  for (const spy of party.spies) expect(spy.status).toBe(200);
}

describe("two organisations on one hub", () => {
  test("do everything at once, and never hear of each other", { timeout: 240_000 }, async () => {
    const [alpha, beta] = parties;
    await Promise.all([receive(alpha, () => 0), receive(beta, () => 0)]);
    for (const { stream } of parties) await until(() => stream.events.length > 0);
    const [ofBeta, ofAlpha] = await foreignBelongings();
    await spyOn(alpha, ofBeta, beta);
    await spyOn(beta, ofAlpha, alpha);
    const busy = parties.flatMap((party, index) =>
      Array.from({ length: LANES }, async (_, lane) => {
        const random = createRandom(seed + index * 100 + lane);
        let foreign: Belongings["byTable"] = [];
        let own: Belongings["byTable"] = [];
        for (let step = 0; step < STEPS / LANES; step += 1) {
          if (step % 10 === 0) {
            const belongings = await foreignBelongings();
            foreign = belongings[index]?.byTable ?? [];
            own = belongings[1 - index]?.byTable ?? [];
          }
          const dice = random();
          if (dice < 0.3) await receive(party, random);
          else if (dice < 0.4) await book(party, random);
          else {
            const operation = pick(random, operations);
            const usesOwn = dice < 0.8 && !endsItself(operation);
            const ids = usesOwn ? own : foreign;
            const given = { ids, url: party.receiver.url };
            await ask(party, operation, sampleRequest(operation, random, given), random() < 0.5);
          }
        }
      }),
    );
    await Promise.all(busy);
    for (const party of parties) await until(() => party.receiver.requests.length > 0);
    await untilQuiet();
    expect(alpha.stream.events.length).toBeGreaterThan(5);
    expect(beta.stream.events.length).toBeGreaterThan(5);
    for (const { spies } of parties) expect(spies.flatMap(({ events }) => events)).toEqual([]);
    const metrics = await fetch(`${running.address}/metrics`);
    const heard = { from: "the metrics", text: await metrics.text() };
    for (const party of parties) party.heard.push(heard);
    await expectNoLeaks();
  });

  test(
    "cannot touch anything of each other, by any route and any id",
    { timeout: 240_000 },
    async () => {
      const foreign = await foreignBelongings();
      for (const [index, attacker] of parties.entries()) {
        const victim = parties[1 - index];
        const byTable = foreign[index]?.byTable ?? [];
        if (victim === undefined || byTable.length < 10) throw new Error("nobody to attack");
        const before = await rowsOf(running.hub.db, victim.orgId);
        const random = createRandom(seed + 7 + index);
        // A source's address is open to strangers, and the connection shows that one was refused.
        const routes = operations.filter(({ path }) => !openDoor.test(path));
        const { url } = attacker.receiver;
        let asked = 0;
        for (const operation of routes) {
          const answers = new Set<number>();
          // Whatever it is that the route wants an id of, this is one of them.
          for (const ids of takesIds(operation) ? byTable : [byTable.flat(), byTable.flat()]) {
            const request = sampleRequest(operation, random, { ids: [ids], url });
            // By the key and as a person in turns.
            const status = await ask(attacker, operation, request, (asked += 1) % 2 === 0);
            // A source of its own may not answer, which is no fault of the hub's.
            const isOfSource = asksSource.test(operation.path) && status === 502;
            if (!isOfSource) {
              expect(status, `${request.method} ${request.url}`).toBeLessThan(500);
            }
            answers.add(status);
          }
          // It was understood, what it asked for was not found, and nothing was done with it.
          if (/\{|session\/organisation$/.test(operation.path)) {
            const name = `${operation.method} ${operation.path}`;
            expect([...answers], name).toContain(404);
            expect(Math.min(...answers), name).toBeGreaterThanOrEqual(400);
            // Nor has the session gone astray to where its person is no member.
            expect([...answers], name).not.toContain(401);
          }
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
    const [{ all: foreign }] = await foreignBelongings();
    const id = [...foreign].find((candidate) => !alpha.ownWords.has(candidate));
    const gossip = { ...alpha, heard: [{ from: "gossip", text: `booking ${id}` }] };
    expect(leaks(gossip, foreign, beta)).toHaveLength(1);
    const name = { ...alpha, heard: [{ from: "gossip", text: `Kim ${beta.marker}` }] };
    expect(leaks(name, foreign, beta)).toHaveLength(1);
  });
});

/** Until nothing is under way any more, also where at least one delivery goes out in a second. */
async function untilQuiet(): Promise<void> {
  const { db } = running.hub;
  await until(async () => {
    const [row] = await db.transaction(system, (tx) =>
      tx.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM delivery w
           JOIN destination d ON d.org_id = w.org_id AND d.id = w.destination_id
          WHERE w.status IN ('pending', 'sending') AND d.status = 'active'
            AND coalesce(d.rate_per_second, 1) >= 1 AND w.replay_id IS NULL`,
      ),
    );
    return row?.open === 0;
  }, 90_000);
}
