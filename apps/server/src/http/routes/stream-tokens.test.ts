import { createHmac, randomUUID } from "node:crypto";
import type { CreateStreamToken, StreamTokenResource } from "@slotwire/contract";
import { createClient } from "@slotwire/client";
import { SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  bearer,
  createTestKey,
  createTestMember,
  type TestKey,
} from "../../../test/key-fixture.ts";
import { book, bookAndWake, startStreamNode, type StreamNode } from "../../../test/stream-hub.ts";
import { readStream, type StreamReader } from "../../../test/stream-reader.ts";
import { createTestOrganisation, testMasterKey } from "../../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../../test/test-hub.ts";
import { until } from "../../../test/until.ts";
import { ManualClock } from "../../clock.ts";
import { deriveKey } from "../../db/derive-key.ts";
import { createLocalWake } from "../../db/local-wake.ts";
import { system, tenant } from "../../db/database.ts";

const SECOND = 1000;
const SHOP = "https://shop.example";

let test: TestHub;
let node: StreamNode;
let readers: StreamReader[] = [];
const clock = new ManualClock("2026-03-02T12:00:00Z");

beforeAll(async () => {
  test = await createTestHub({ clock, wake: createLocalWake() });
  node = await startStreamNode(test.hub, { timing: { heartbeat: 20, drain: 1000 } });
});
afterEach(() => {
  for (const reader of readers) reader.close();
  readers = [];
});
afterAll(async () => {
  await node.close();
  await test.close();
});

const newOrg = async (): Promise<string> => (await createTestOrganisation(test.hub.db)).orgId;

function request(headers: Record<string, string>, url: string, payload: object) {
  return test.app.inject({ method: "POST", url, headers, payload });
}
const askFor = (headers: Record<string, string>, wanted: CreateStreamToken = {}) =>
  request(headers, "/api/v1/stream-tokens", wanted);
async function mint(
  headers: Record<string, string>,
  wanted: CreateStreamToken = {},
): Promise<StreamTokenResource> {
  const answer = await askFor(headers, wanted);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<StreamTokenResource>();
}

async function read(
  headers: Record<string, string>,
  query = "after=0",
  url = node.url,
): Promise<StreamReader> {
  const reader = await readStream(url, { headers, query });
  readers.push(reader);
  return reader;
}
const readBy = ({ token }: { readonly token: string }, query?: string) =>
  read(bearer(token), query);
const statusOf = async (headers: Record<string, string>, query?: string): Promise<number> =>
  (await read(headers, query)).status;
const seqs = ({ events }: StreamReader): number[] => events.map((event) => event.seq);

/** An organisation with a key that may do everything, and another that may only mint. */
async function openOrg(): Promise<{ orgId: string; admin: TestKey; minter: TestKey }> {
  const orgId = await newOrg();
  const admin = await createTestKey(test.hub, orgId);
  const minter = await createTestKey(test.hub, orgId, { scopes: ["stream:mint", "events:read"] });
  return { orgId, admin, minter };
}

describe("a stream token", () => {
  it("opens its organisation's stream, and no other's", async () => {
    const [one, two] = [await openOrg(), await openOrg()];
    const reader = await readBy(await mint(one.minter.headers));
    expect(reader.headers["slotwire-organisation"]).toBe(one.orgId);
    await bookAndWake(test.hub, two.orgId, 3);
    await bookAndWake(test.hub, one.orgId, 2);
    await until(() => reader.events.length === 2);
    expect(seqs(reader)).toEqual([1, 2]);
    await until(() => reader.text().includes("heartbeat"));
    expect(reader.events).toHaveLength(2);
  });

  it("opens nothing but the stream", async () => {
    const { admin } = await openOrg();
    const { token } = await mint(admin.headers);
    for (const url of ["/api/v1/bookings", "/api/v1/booking-events", "/api/v1/api-keys"]) {
      const answer = await test.app.inject({ url, headers: bearer(token) });
      expect(answer.json()).toMatchObject({ status: 401, code: "E_UNAUTHENTICATED" });
    }
    expect((await askFor(bearer(token))).statusCode).toBe(401);
  });

  it("is made by those who may mint, for 60 to 900 seconds", async () => {
    const { orgId, minter } = await openOrg();
    const reading = await createTestKey(test.hub, orgId, { scopes: ["events:read"] });
    expect((await askFor(reading.headers)).json()).toMatchObject({ status: 403 });
    expect((await askFor({})).json()).toMatchObject({ status: 401 });
    for (const ttl_seconds of [59, 901, 60.5]) {
      expect((await askFor(minter.headers, { ttl_seconds })).statusCode).toBe(422);
    }
    for (const ttl_seconds of [60, 900]) {
      const made = await mint(minter.headers, { ttl_seconds });
      const end = new Date(clock.now().getTime() + ttl_seconds * SECOND).toISOString();
      expect(made).toMatchObject({ kind: "token", expires_at: end, stream_ends_at: end });
    }
    expect((await askFor(minter.headers, { ticket: true, grant: true })).statusCode).toBe(422);
    expect((await askFor(minter.headers, { booking_ids: [] })).statusCode).toBe(422);
  });

  it("works for a session too, and for the environment's key", async () => {
    const orgId = await newOrg();
    const owner = await createTestMember(test.hub, orgId, "owner");
    const reader = await readBy(await mint(owner.headers));
    expect(reader.headers["slotwire-organisation"]).toBe(orgId);
    const ofEnvironment = await readBy(await mint(withKey));
    expect(ofEnvironment.headers["slotwire-organisation"]).toBe(test.hub.defaultOrgId);
  });

  it("ends its stream with `reauth`, and the reader resumes with another", async () => {
    const { orgId, minter } = await openOrg();
    const first = await mint(minter.headers, { ttl_seconds: 60 });
    const reader = await readBy(first);
    await bookAndWake(test.hub, orgId, 1);
    await until(() => reader.events.length === 1);
    clock.advance(60 * SECOND);
    await reader.ended;
    expect(reader.text()).toContain("event: reauth\ndata: {}\n\n");
    expect(await statusOf(bearer(first.token))).toBe(401);
    await book(test.hub.db, orgId, 1);
    const again = await read({
      ...bearer((await mint(minter.headers)).token),
      "last-event-id": "1",
    });
    await until(() => again.events.length === 1);
    expect(seqs(again)).toEqual([2]);
  });

  it("ends its stream with its own time, and not at the next heartbeat", async () => {
    const quiet = await startStreamNode(test.hub, { timing: { heartbeat: 600_000, drain: 1000 } });
    try {
      const { streamTokens } = test.hub;
      const { token: minted } = await mint((await openOrg()).minter.headers);
      const claims = await streamTokens.read("token", minted);
      const exp = clock.now().getTime() / SECOND + 1;
      const token = await streamTokens.sign("token", { ...(claims ?? expect.fail()), exp });
      const reader = await read(bearer(token), "after=0", quiet.url);
      clock.advance(SECOND);
      await until(() => reader.text().includes("event: reauth"));
    } finally {
      await quiet.close();
    }
  });

  it("is renewed by the client package, which misses nothing", async () => {
    const { orgId, minter } = await openOrg();
    let minted = 0;
    const received: number[] = [];
    const client = createClient({
      baseUrl: node.url,
      reconnectDelays: [5],
      async getToken() {
        minted += 1;
        return (await mint(minter.headers, { ttl_seconds: 60 })).token;
      },
    });
    const stream = client.stream({ after: 0, onEvent: ({ seq }) => received.push(seq) });
    for (let round = 1; round <= 3; round += 1) {
      await bookAndWake(test.hub, orgId, 2);
      await until(() => received.length === 2 * round && minted >= round);
      clock.advance(60 * SECOND);
      await until(() => minted > round);
    }
    stream.close();
    expect(received).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("opens no more streams than its maker may, however often it is renewed", async () => {
    const { orgId } = await openOrg();
    const owner = await createTestMember(test.hub, orgId, "owner");
    // All that one person may have open, by several tokens.
    const most = 50;
    for (let opened = 0; opened < most; opened += 10) {
      const { token } = await mint(owner.headers);
      const opening = Array.from({ length: 10 }, () => statusOf(bearer(token)));
      expect(new Set(await Promise.all(opening))).toEqual(new Set([200]));
    }
    const { token } = await mint(owner.headers);
    const ticket = await mint(owner.headers, { ticket: true });
    expect(await statusOf(bearer(token))).toBe(429);
    expect(await statusOf({}, `ticket=${ticket.token}`)).toBe(429);
    expect(await statusOf(owner.headers)).toBe(429);
    const other = await createTestMember(test.hub, orgId, "owner");
    expect(await statusOf(bearer((await mint(other.headers)).token))).toBe(200);
    readers.shift()?.close();
    await until(async () => (await statusOf(bearer(token))) === 200);
  });

  it("opens streams no more often than its maker may, who may 60 times and then 5 times a second", async () => {
    const { orgId, admin } = await openOrg();
    const owner = await createTestMember(test.hub, orgId, "owner");
    const openAndDrop = async (
      headers: Record<string, string>,
      times: number,
    ): Promise<number[]> => {
      const statuses: number[] = [];
      for (let opened = 0; opened < times; opened += 10) {
        const some = Array.from({ length: Math.min(10, times - opened) }, () => read(headers));
        for (const reader of await Promise.all(some)) {
          statuses.push(reader.status);
          reader.close();
          await reader.ended;
        }
      }
      // Requests of one moment arrive in any order.
      return statuses.toSorted((one, other) => one - other);
    };
    const good = (count: number): number[] => Array.from({ length: count }, () => 200);
    expect(await openAndDrop(owner.headers, 30)).toEqual(good(30));
    const { token } = await mint(owner.headers);
    expect(await openAndDrop(bearer(token), 30)).toEqual(good(30));

    for (const headers of [owner.headers, bearer(token)]) {
      const refused = await read(headers);
      expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "1"]);
      await refused.ended;
      expect(refused.text()).toContain("You open streams too often.");
      // Pages open nothing.
      expect(await statusOf({ ...headers, accept: "application/json" })).toBe(200);
    }
    const other = await createTestMember(test.hub, orgId, "owner");
    expect(await statusOf(other.headers)).toBe(200);
    expect(await openAndDrop(admin.headers, 70)).toEqual(good(70));

    clock.advance(SECOND);
    expect(await openAndDrop(owner.headers, 6)).toEqual([...good(5), 429]);
  });

  it("cannot be made up, changed or swapped for a grant", async () => {
    const { orgId, minter } = await openOrg();
    const { token } = await mint(minter.headers);
    const grant = await mint(minter.headers, { grant: true });
    const [head = "", body = "", mac = ""] = token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as Record<string, unknown>;
    const encode = (value: object): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const none = encode({ alg: "none", typ: "slotwire-stream-token+jwt" });
    const key = deriveKey(testMasterKey, "stream tokens");
    const sign = (payload: object, typ = "slotwire-stream-token+jwt", by = key) =>
      new SignJWT({ ...payload }).setProtectedHeader({ alg: "HS256", typ }).sign(by);
    const sha384 = encode({ alg: "HS384", typ: "slotwire-stream-token+jwt" });
    const { exp: _exp, ...endless } = claims;
    for (const forged of [
      `${none}.${body}.`,
      `${head}.${encode({ ...claims, org: await newOrg() })}.${mac}`,
      `${sha384}.${body}.${createHmac("sha384", key).update(`${sha384}.${body}`).digest("base64url")}`,
      await sign(claims, "JWT"),
      await sign(claims, undefined, deriveKey(testMasterKey, "secrets")),
      await sign(endless),
      await sign({ ...claims, sub: "user:root" }),
      await sign({ ...claims, flt: { everything: true } }),
      grant.token,
      `${head}.${body}`,
      "",
    ]) {
      expect(await statusOf(bearer(forged)), forged).toBe(401);
    }
    expect(await statusOf(bearer(await sign(claims)))).toBe(200);
    expect(orgId).toBe(claims["org"]);
  });

  it("of an organisation that its minter has nothing to do with opens nothing", async () => {
    const [one, two] = [await openOrg(), await openOrg()];
    const member = await createTestMember(test.hub, one.orgId, "owner");
    const base = { flt: {}, jti: randomUUID(), exp: clock.now().getTime() / SECOND + 60 };
    const status = async (sub: string, role: "owner" | "admin"): Promise<number> => {
      const claims = { ...base, org: two.orgId, sub, role };
      return statusOf(bearer(await test.hub.streamTokens.sign("token", claims)));
    };
    expect(await status(`key:${two.minter.id}`, "admin")).toBe(200);
    expect(await status(`key:${one.minter.id}`, "admin")).toBe(401);
    expect(await status("key:environment", "admin")).toBe(401);
    expect(await status(`user:${member.userId}`, "owner")).toBe(401);
  });
});

describe("a proof that opens no stream is told what is wrong with it", () => {
  const why = async (headers: Record<string, string>, url = "/api/v1/stream"): Promise<string> => {
    const answer = await test.app.inject({ url, headers });
    const problem = answer.json<{ code: string; detail?: string }>();
    expect([answer.statusCode, problem.code]).toEqual([401, "E_UNAUTHENTICATED"]);
    return problem.detail ?? "";
  };

  it("a token that is over", async () => {
    const { minter } = await openOrg();
    const { token } = await mint(minter.headers, { ttl_seconds: 60 });
    clock.advance(120 * SECOND);
    expect(await why(bearer(token))).toContain("Its time is over.");
    const grant = await mint(minter.headers, { ttl_seconds: 60, grant: true });
    clock.advance(120 * SECOND);
    expect(await why(bearer(grant.token))).toContain("no API key, and no stream token");
  });

  it("one whose maker is gone, or may something else", async () => {
    const { minter, admin } = await openOrg();
    const { token } = await mint(minter.headers);
    const url = `/api/v1/api-keys/${minter.id}`;
    await test.app.inject({ method: "DELETE", url, headers: admin.headers });
    expect(await why(bearer(token))).toContain("Whoever made it is gone");
  });

  it("what is none, or is sent in another way or to another route", async () => {
    const { admin } = await openOrg();
    const { token } = await mint(admin.headers);
    expect(await why(bearer("nonsense"))).toContain("no API key, and no stream token");
    expect(await why({ authorization: `Token ${token}` })).toContain("`Bearer`, a space");
    expect(await why(bearer(token), "/api/v1/bookings")).toContain("opens the stream alone");
    expect(await why({})).toBe("");
    const page = { kind: "publishable", scopes: ["stream:mint"], allowed_origins: [SHOP] } as const;
    const body = { name: "Page", ...page };
    const made = await request(admin.headers, "/api/v1/api-keys", body);
    const { key } = made.json<{ key: string }>();
    expect(await why(bearer(key))).toContain("exchanges a grant");
  });
});

describe("the filters of a token", () => {
  it("let through what passes all of them, whatever the reader asks for", async () => {
    const { orgId, minter } = await openOrg();
    await book(test.hub.db, orgId, 3);
    await test.hub.db.transaction(tenant(orgId), async (tx) => {
      await tx.query("UPDATE booking SET provider_email = 'Maja@Example.com' WHERE org_id = $1", [
        orgId,
      ]);
    });
    const all = await readBy(await mint(minter.headers));
    await until(() => all.events.length === 6);
    const [first, second] = all.events.map((event) => event.booking_id);
    const bookingIds = [first ?? "", randomUUID()];

    const seen = async (wanted: CreateStreamToken, query = "after=0"): Promise<number[]> => {
      const reader = await readBy(await mint(minter.headers, wanted), query);
      await until(() => reader.ids.includes("6"));
      return seqs(reader);
    };
    const updates = all.events
      .filter(({ type }) => type === "booking.updated")
      .map(({ seq }) => seq);
    const ofFirst = all.events.filter((event) => event.booking_id === first).map(({ seq }) => seq);
    expect(await seen({ booking_ids: bookingIds })).toEqual(ofFirst);
    expect(await seen({ provider_emails: ["MAJA@example.com"] })).toEqual(updates);
    expect(await seen({ provider_emails: ["anna@example.com"] })).toEqual([]);
    expect(await seen({ types: ["booking.created"] })).toEqual([1, 2, 3]);
    expect(await seen({ booking_ids: bookingIds, types: ["booking.updated"] })).toEqual(
      ofFirst.filter((seq) => updates.includes(seq)),
    );
    expect(await seen({ booking_ids: bookingIds }, `after=0&booking_id=${second}`)).toEqual([]);
    expect(await seen({ booking_ids: bookingIds }, "after=0&types=booking.created")).toEqual(
      ofFirst.filter((seq) => !updates.includes(seq)),
    );
  });

  it("know members by the bookings whose provider they are, and strangers not at all", async () => {
    const { orgId, minter } = await openOrg();
    const groomer = await createTestMember(test.hub, orgId, "staff");
    const stranger = await createTestMember(test.hub, await newOrg(), "staff");
    for (const email of [groomer.email, stranger.email]) {
      await test.hub.db.transaction(tenant(orgId), (tx) =>
        tx.query(
          `INSERT INTO booking (org_id, starts_at, ends_at, title, provider_email)
           VALUES ($1, now(), now(), 'x', $2)`,
          [orgId, email],
        ),
      );
    }
    const seen = async (id: string): Promise<number[]> => {
      const reader = await readBy(await mint(minter.headers, { user_ids: [id] }));
      await until(() => reader.ids.includes("2"));
      return seqs(reader);
    };
    expect(await seen(groomer.userId)).toEqual([1]);
    expect(await seen(stranger.userId)).toEqual([]);
  });
});

describe("a token never shows more than its minter may see", () => {
  const phone = "+46700000000";
  /** An organisation with a booking of its groomer, with a customer's phone, and somebody else's. */
  async function openSalon() {
    const { orgId, admin } = await openOrg();
    const groomer = await createTestMember(test.hub, orgId, "staff");
    await test.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query(
        `INSERT INTO booking (org_id, starts_at, ends_at, title, description, provider_email)
         SELECT $1, now(), now(), 'Wash', $2, unnest(ARRAY['anna@example.com', $3])`,
        [orgId, `Call ${phone}`, groomer.email],
      ),
    );
    const seen = async (headers: Record<string, string>): Promise<StreamReader> => {
      const reader = await readBy(await mint(headers));
      await until(() => reader.ids.includes("2"));
      return reader;
    };
    return { orgId, admin, groomer, seen };
  }

  it("a staff member's: their own bookings", async () => {
    const { groomer, seen } = await openSalon();
    const reader = await seen(groomer.headers);
    expect(seqs(reader)).toEqual([2]);
    expect(reader.text()).toContain(phone);
  });

  it("until what they may see changes", async () => {
    const { groomer, seen } = await openSalon();
    const reader = await seen(groomer.headers);
    await test.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE membership SET hide_contacts = true WHERE user_id = $1", [groomer.userId]),
    );
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
    expect((await seen(groomer.headers)).text()).not.toContain(phone);
  });

  it("a key's: contact data only when the key may read it", async () => {
    const { orgId, seen } = await openSalon();
    const minting = await createTestKey(test.hub, orgId, { scopes: ["stream:mint"] });
    const masked = await seen(minting.headers);
    expect(seqs(masked)).toEqual([1, 2]);
    expect(masked.text()).not.toContain(phone);
    const scopes = ["stream:mint", "events:read"] as const;
    const reading = await createTestKey(test.hub, orgId, { scopes: [...scopes] });
    expect((await seen(reading.headers)).text()).toContain(phone);
  });

  it("a developer's: ids and states, and no way to learn whose they are", async () => {
    const { orgId, seen, groomer } = await openSalon();
    const { headers } = await createTestMember(test.hub, orgId, "developer");
    const reader = await seen(headers);
    expect(seqs(reader)).toEqual([1, 2]);
    expect(reader.text()).not.toContain("Wash");
    for (const wanted of [
      { provider_emails: [groomer.email] },
      { user_ids: [groomer.userId] },
    ] as CreateStreamToken[]) {
      expect((await askFor(headers, wanted)).json()).toMatchObject({ code: "E_FORBIDDEN" });
    }
  });
});

describe("a token dies with what it was made by", () => {
  it("when its minter's key is revoked: its streams end, and it opens none", async () => {
    const { minter, admin } = await openOrg();
    const made = await mint(minter.headers);
    const reader = await readBy(made);
    await until(() => reader.text().includes("heartbeat"));
    const url = `/api/v1/api-keys/${minter.id}`;
    await test.app.inject({ method: "DELETE", url, headers: admin.headers });
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
    expect(await statusOf(bearer(made.token))).toBe(401);
  });

  it("and a stream that was opened with the key itself ends too", async () => {
    const { minter, admin } = await openOrg();
    const reader = await read(minter.headers);
    await until(() => reader.text().includes("heartbeat"));
    const url = `/api/v1/api-keys/${minter.id}`;
    await test.app.inject({ method: "DELETE", url, headers: admin.headers });
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
  });

  it("when its minter's key expires", async () => {
    const orgId = await newOrg();
    const expires_at = new Date(clock.now().getTime() + 30 * SECOND).toISOString();
    const { headers } = await createTestKey(test.hub, orgId, { expires_at });
    const made = await mint(headers, { ttl_seconds: 900 });
    const reader = await readBy(made);
    clock.advance(30 * SECOND);
    await reader.ended;
    expect(await statusOf(bearer(made.token))).toBe(401);
  });

  it.each([
    ["membership ends", "DELETE FROM membership WHERE user_id = $1"],
    ["role changes", "UPDATE membership SET role = 'manager' WHERE user_id = $1"],
    ["account is disabled", "UPDATE app_user SET disabled_at = now() WHERE id = $1"],
  ])("when its minter's %s", async (_what, sql) => {
    const { headers, userId } = await createTestMember(test.hub, await newOrg(), "admin");
    const made = await mint(headers);
    const reader = await readBy(made);
    await until(() => reader.text().includes("heartbeat"));
    await test.hub.db.transaction(system, (tx) => tx.query(sql, [userId]));
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
    expect(await statusOf(bearer(made.token))).toBe(401);
  });
});

describe("a ticket", () => {
  const readWith = ({ token }: StreamTokenResource) => read({}, `after=0&ticket=${token}`);

  it("opens a stream without any header, with the token's filters", async () => {
    const { orgId, minter } = await openOrg();
    await book(test.hub.db, orgId, 2);
    const ticket = await mint(minter.headers, { ticket: true, types: ["booking.updated"] });
    expect(ticket.kind).toBe("ticket");
    const reader = await readWith(ticket);
    expect(reader.status).toBe(200);
    await until(() => reader.ids.includes("2"));
    expect(reader.events).toEqual([]);
  });

  it("is burnt by its use: of ten at once, on two nodes, one succeeds", async () => {
    const { minter } = await openOrg();
    const { token } = await mint(minter.headers, { ticket: true });
    const other = await startStreamNode(test.hub);
    const uses = Array.from({ length: 10 }, (_, index) =>
      read({}, `ticket=${token}`, index % 2 === 0 ? node.url : other.url),
    );
    const statuses = (await Promise.all(uses)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
    for (const reader of readers) reader.close();
    await other.close();
  });

  it("works for 30 seconds, and its stream for the time that was asked for", async () => {
    const { minter } = await openOrg();
    const late = await mint(minter.headers, { ticket: true });
    const used = await mint(minter.headers, { ticket: true, ttl_seconds: 60 });
    const reader = await readWith(used);
    clock.advance(30 * SECOND);
    expect((await readWith(late)).status).toBe(401);
    await until(() => reader.text().split("heartbeat").length > 3);
    clock.advance(30 * SECOND);
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
  });

  it("stands for nobody when it is no ticket, even beside a session", async () => {
    const { headers } = await createTestMember(test.hub, await newOrg(), "owner");
    expect(await statusOf(headers, "ticket=nonsense")).toBe(401);
    expect(await statusOf(headers, "after=0")).toBe(200);
  });

  it("counts beside the cookie that a browser adds by itself", async () => {
    const { orgId, minter } = await openOrg();
    await book(test.hub.db, orgId, 1);
    const elsewhere = await createTestMember(test.hub, await newOrg(), "owner");
    const { token } = await mint(minter.headers, { ticket: true });
    const reader = await read({ ...elsewhere.headers }, `after=0&ticket=${token}`);
    expect(reader.status).toBe(200);
    await until(() => reader.ids.includes("1"));
  });

  it("is refused beside Authorization, whose it may be, and is not used up by that", async () => {
    const { minter } = await openOrg();
    const { token } = await mint(minter.headers, { ticket: true });
    const streamToken = await mint(minter.headers);
    const query = `ticket=${token}`;
    for (const headers of [minter.headers, bearer(streamToken.token), bearer("nonsense")]) {
      const answer = await test.app.inject({ url: `/api/v1/stream?${query}`, headers });
      expect(answer.json()).toMatchObject({ status: 400, code: "E_TWO_PROOFS" });
    }
    expect(await statusOf({}, `${query}&${query}`)).toBe(401);
    expect(await statusOf({}, query)).toBe(200);
  });

  it("is not used up by a request that is refused for what it asks", async () => {
    const { orgId } = await openOrg();
    const { headers } = await createTestMember(test.hub, orgId, "owner");
    const developer = await createTestMember(test.hub, orgId, "developer");
    const { token } = await mint(headers, { ticket: true });
    const ofDeveloper = await mint(developer.headers, { ticket: true });
    for (const [status, query] of [
      [400, "after=x"],
      [422, "recent=201"],
      [422, "bookingid=1"],
      [422, "types=nonsense"],
    ] as const) {
      expect(await statusOf({}, `${query}&ticket=${token}`), query).toBe(status);
    }
    expect(await statusOf({}, `location=Lund&ticket=${ofDeveloper.token}`)).toBe(403);
    for (const ticket of [token, ofDeveloper.token]) {
      expect(await statusOf({}, `ticket=${ticket}`)).toBe(200);
      expect(await statusOf({}, `ticket=${ticket}`)).toBe(401);
    }
  });

  it("is not used up by a stream that is one too many", async () => {
    const { orgId } = await openOrg();
    const owner = await createTestMember(test.hub, orgId, "owner");
    const statuses = Array.from({ length: 50 }, () => statusOf(owner.headers));
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]));
    const { token } = await mint(owner.headers, { ticket: true });
    expect(await statusOf({}, `ticket=${token}`)).toBe(429);
    for (const reader of readers) reader.close();
    await until(async () => (await statusOf({}, `ticket=${token}`)) === 200);
  });

  it("is stored as a hash, and appears in no log", async () => {
    const { minter } = await openOrg();
    const { token } = await mint(minter.headers, { ticket: true });
    const stored = await test.hub.db.transaction(system, (tx) =>
      tx.query("SELECT encode(token_hash, 'base64') AS hash, claims FROM stream_ticket"),
    );
    expect(JSON.stringify(stored)).not.toContain(token);
    // A position that is none: answered at once, by the app that logs.
    const url = `/api/v1/stream?after=x&ticket=${token}`;
    expect((await test.app.inject({ url })).json()).toMatchObject({ code: "E_CURSOR" });
    expect(test.logged()).toContain('"path":"/api/v1/stream"');
    expect(test.logged()).not.toContain(token);
  });
});

describe("a publishable key", () => {
  const exchange = (headers: Record<string, string>, grant: string, ticket = false) =>
    request(headers, "/api/v1/stream-tokens/exchange", { grant, ticket });
  const publishable = (orgId: string, origin = SHOP) =>
    createTestKey(test.hub, orgId, {
      kind: "publishable",
      scopes: ["stream:mint"],
      allowed_origins: [origin],
    });
  const from = (key: TestKey, origin = SHOP) => ({ ...key.headers, origin });

  it("exchanges its organisation's grant for a token with the grant's filters and end", async () => {
    const { orgId, minter } = await openOrg();
    const page = await publishable(orgId);
    await book(test.hub.db, orgId, 1);
    const grant = await mint(minter.headers, { grant: true, types: ["booking.updated"] });
    expect(grant.kind).toBe("grant");
    clock.advance(10 * SECOND);
    const answer = await exchange(from(page), grant.token);
    expect(answer.statusCode).toBe(201);
    expect(answer.headers["access-control-allow-origin"]).toBe(SHOP);
    const token = answer.json<StreamTokenResource>();
    expect(token).toMatchObject({ kind: "token", stream_ends_at: grant.stream_ends_at });
    const reader = await read({ ...bearer(token.token), origin: SHOP });
    expect(reader.headers["access-control-allow-origin"]).toBe(SHOP);
    expect(reader.headers["access-control-allow-credentials"]).toBeUndefined();
    await until(() => reader.ids.includes("1"));
    expect(reader.events).toEqual([]);
    const ticket = (await exchange(from(page), grant.token, true)).json<StreamTokenResource>();
    expect(await statusOf({ origin: SHOP }, `ticket=${ticket.token}`)).toBe(200);
  });

  it("is refused from other origins, without one, and with what is no grant of its own", async () => {
    const [one, two] = [await openOrg(), await openOrg()];
    const page = await publishable(one.orgId);
    await publishable(two.orgId, "https://other.example");
    const { token } = await mint(one.minter.headers, { grant: true });
    for (const headers of [
      page.headers,
      from(page, "https://other.example"),
      from(page, "https://unknown.example"),
      from(page, `${SHOP}.evil.example`),
      from(page, "null"),
    ]) {
      expect((await exchange(headers, token)).json()).toMatchObject({ code: "E_KEY_ORIGIN" });
    }
    const foreign = await mint(two.minter.headers, { grant: true });
    const plain = await mint(one.minter.headers);
    for (const grant of [foreign.token, plain.token, "nonsense"]) {
      expect((await exchange(from(page), grant)).json()).toMatchObject({ status: 401 });
    }
    expect((await exchange({ ...one.minter.headers, origin: SHOP }, token)).statusCode).toBe(401);
    expect((await exchange(from(page), token)).statusCode).toBe(201);
  });

  it("ends its tokens' streams when it is revoked, and its grants with their time", async () => {
    const { orgId, minter, admin } = await openOrg();
    const page = await publishable(orgId);
    const grant = await mint(minter.headers, { grant: true, ttl_seconds: 60 });
    const { token } = (await exchange(from(page), grant.token)).json<StreamTokenResource>();
    const reader = await read({ ...bearer(token), origin: SHOP });
    const url = `/api/v1/api-keys/${page.id}`;
    await test.app.inject({ method: "DELETE", url, headers: admin.headers });
    await reader.ended;
    expect((await exchange(from(page), grant.token)).statusCode).toBe(401);
    const another = await publishable(orgId);
    expect((await exchange(from(another), grant.token)).statusCode).toBe(201);
    clock.advance(60 * SECOND);
    expect((await exchange(from(another), grant.token)).statusCode).toBe(401);
  });

  it("has a limit for each address, as everybody has the key", async () => {
    const { orgId, minter } = await openOrg();
    const page = await createTestKey(test.hub, orgId, {
      kind: "publishable",
      scopes: ["stream:mint"],
      allowed_origins: [SHOP],
      requests_per_minute: 1,
    });
    const { token } = await mint(minter.headers, { grant: true });
    const by = async (remoteAddress: string): Promise<number> => {
      const url = "/api/v1/stream-tokens/exchange";
      const headers = from(page);
      const payload = { grant: token };
      const { app } = test;
      return (await app.inject({ method: "POST", url, headers, payload, remoteAddress }))
        .statusCode;
    };
    expect([await by("192.0.2.1"), await by("192.0.2.1"), await by("192.0.2.2")]).toEqual([
      201, 429, 201,
    ]);
  });

  it("opens its two routes to its origins' pages, and no other route", async () => {
    const { orgId, minter } = await openOrg();
    const origin = "https://preflight.example";
    const ask = (url: string, method: string, asker = origin) =>
      test.app.inject({
        method: "OPTIONS",
        url,
        headers: { origin: asker, "access-control-request-method": method },
      });
    expect((await ask("/api/v1/stream", "GET")).json()).toMatchObject({ code: "E_KEY_ORIGIN" });
    await publishable(orgId, origin);
    clock.advance(5 * SECOND);
    for (const [url, method] of [
      ["/api/v1/stream?after=1", "GET"],
      ["/api/v1/stream-tokens/exchange", "POST"],
    ] as const) {
      const answer = await ask(url, method);
      expect(answer.statusCode).toBe(204);
      expect(answer.headers).toMatchObject({
        "access-control-allow-origin": origin,
        "access-control-allow-methods": method,
        vary: "Origin",
      });
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
    }
    for (const url of ["/api/v1/bookings", "/api/v1/stream-tokens", "/api/v1/streams"]) {
      const answer = await ask(url, "GET");
      expect(answer.statusCode).toBe(404);
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
    // What is not for pages is not shown to them.
    const byKey = await read({ ...minter.headers, origin });
    expect(byKey.status).toBe(200);
    expect(byKey.headers["access-control-allow-origin"]).toBeUndefined();
  });

  it("lets pages of its origins use the stream tokens and tickets that its organisation makes", async () => {
    const [one, two] = [await openOrg(), await openOrg()];
    const origin = "https://www.one.example";
    const page = await publishable(one.orgId, origin);
    await publishable(two.orgId, "https://www.two.example");
    clock.advance(5 * SECOND);
    const { token } = await mint(one.minter.headers);
    const ticket = await mint(one.minter.headers, { ticket: true });
    const reader = await read({ ...bearer(token), origin });
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({ "access-control-allow-origin": origin });
    expect(reader.headers["access-control-expose-headers"]).toContain("Slotwire-Reader");
    expect(await statusOf({ origin }, `ticket=${ticket.token}`)).toBe(200);
    // Not those of another organisation, whose token is refused in words that its page may read.
    for (const elsewhere of ["https://www.two.example", "https://www.three.example"]) {
      expect(await statusOf({ ...bearer(token), origin: elsewhere }), elsewhere).toBe(403);
    }
    // Those that it exchanged are for its own origins, whatever other keys name.
    const other = await publishable(one.orgId, "https://www.four.example");
    clock.advance(5 * SECOND);
    const grant = await mint(one.minter.headers, { grant: true });
    const exchanged = (
      await exchange(from(other, "https://www.four.example"), grant.token)
    ).json<StreamTokenResource>();
    expect(await statusOf({ ...bearer(exchanged.token), origin })).toBe(403);
    // Nor after the last key that names the page's origin has ended.
    const url = `/api/v1/api-keys/${page.id}`;
    await test.app.inject({ method: "DELETE", url, headers: one.admin.headers });
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
    expect(await statusOf({ ...bearer(token), origin })).toBe(403);
    expect(await statusOf(bearer(token))).toBe(200);
  });

  it("leaves the cookie to the hub's own pages", async () => {
    const { orgId } = await openOrg();
    await publishable(orgId);
    const { headers } = await createTestMember(test.hub, orgId, "owner");
    const { cookie } = headers;
    for (const origin of [SHOP, "https://stranger.example", "null"]) {
      expect(await statusOf({ cookie, origin }), origin).toBe(403);
    }
    expect(await statusOf({ cookie, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await statusOf({ cookie })).toBe(200);
    expect(await statusOf({ cookie, origin: new URL(node.url).origin })).toBe(200);
  });

  it("lets its pages in at once, also those that were refused a moment before", async () => {
    const { admin } = await openOrg();
    const origin = "https://soon.example";
    const ask = async (): Promise<number> => {
      const headers = { origin, "access-control-request-method": "GET" };
      return (await test.app.inject({ method: "OPTIONS", url: "/api/v1/stream", headers }))
        .statusCode;
    };
    expect(await ask()).toBe(403);
    const draft = {
      name: "Website",
      kind: "publishable",
      scopes: ["stream:mint"],
      allowed_origins: [origin],
    };
    expect((await request(admin.headers, "/api/v1/api-keys", draft)).statusCode).toBe(201);
    expect(await ask()).toBe(204);
  });

  it("lets a page of its origin read why it is refused", async () => {
    const { orgId } = await openOrg();
    await publishable(orgId);
    clock.advance(5 * SECOND);
    const over = await read({ ...bearer("over"), origin: SHOP });
    expect(over.status).toBe(401);
    expect(over.headers["access-control-allow-origin"]).toBe(SHOP);
  });
});
