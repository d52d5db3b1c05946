import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { sourceChange } from "../../../test/booking-change.ts";
import { createTestKey } from "../../../test/key-fixture.ts";
import { startStreamNode, type StreamNode } from "../../../test/stream-hub.ts";
import { readStream, type StreamReader } from "../../../test/stream-reader.ts";
import { createTestConnection, createTestOrganisation } from "../../../test/test-database.ts";
import { createTestHub, type TestHub } from "../../../test/test-hub.ts";
import { until } from "../../../test/until.ts";
import { PostgresWake } from "../../db/postgres-wake.ts";
import { record } from "../../ledger/record.ts";
import type { Hub } from "../app.types.ts";

const NODES = 3;
const ROUNDS = 5;
const WRITES_EACH = 15;
/** Nothing but a wake-up tells a node of an event. */
const never = { pollInterval: 3_600_000 };

/** One of several processes on a PostgreSQL. */
interface Peer {
  readonly hub: Hub;
  readonly node: StreamNode;
  readonly wake: PostgresWake;
}

describe.runIf(inject("databaseTemplate").engine === "postgres")("nodes on one PostgreSQL", () => {
  let test: TestHub;
  let peers: Peer[] = [];
  let readers: StreamReader[] = [];
  let admin: pg.Client;

  beforeAll(async () => {
    test = await createTestHub();
    admin = new pg.Client({ connectionString: test.databaseUrl ?? "" });
    await admin.connect();
  });
  afterEach(async () => {
    for (const reader of readers) reader.close();
    await Promise.all(peers.map(({ node }) => node.close()));
    await Promise.all(peers.map(({ wake }) => wake.close()));
    [peers, readers] = [[], []];
  });
  afterAll(async () => {
    await admin.end();
    await test.close();
  });

  async function startPeer(): Promise<Peer> {
    const wake = new PostgresWake(test.databaseUrl ?? "", { reconnectDelays: [20] });
    await wake.listening();
    const hub = { ...test.hub, wake };
    return { hub, wake, node: await startStreamNode(hub, never) };
  }

  /** An organisation, a reader of it on each node, and how a node records in it. */
  async function open() {
    const { orgId } = await createTestOrganisation(test.hub.db);
    const { connectionId } = await createTestConnection(test.hub.db, orgId);
    const { headers } = await createTestKey(test.hub, orgId);
    peers = await Promise.all(Array.from({ length: NODES }, startPeer));
    readers = await Promise.all(
      peers.map(({ node }) => readStream(node.url, { headers, query: "after=0" })),
    );
    const write = ({ hub }: Peer, uid: string): Promise<unknown> => {
      const change = sourceChange(connectionId, uid);
      return record(hub, { orgId, change, sourceKind: "calcom", message: null });
    };
    return { write };
  }

  const seqs = ({ events }: StreamReader): number[] => events.map(({ seq }) => seq);
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
  const haveAll = (count: number) => (): boolean =>
    readers.every(({ events }) => events.length >= count);

  /** The connections by which nodes hear of each other. */
  async function listeners(): Promise<number[]> {
    const { rows } = await admin.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity
        WHERE datname = current_database()
          AND (query LIKE 'LISTEN %' OR query LIKE 'SELECT pg_notify(%')`,
    );
    return rows.map(({ pid }) => pid);
  }

  it("each stream an event that was committed on any of them", async () => {
    const { write } = await open();
    for (const [index, peer] of peers.entries()) {
      await write(peer, `visit-${index}`);
      await until(haveAll(index + 1));
    }
    for (const reader of readers) expect(seqs(reader)).toEqual(upTo(NODES));
  });

  it("lose nothing when their connections that LISTEN are cut while events flow", async () => {
    const { write } = await open();
    const cut = new Set<number>();
    for (let round = 0; round < ROUNDS; round += 1) {
      await until(async () => (await listeners()).length === NODES);
      const writing = Promise.all(
        peers.map(async (peer, writer) => {
          for (let count = 0; count < WRITES_EACH; count += 1) {
            await write(peer, `${round}-${writer}-${count}`);
          }
        }),
      );
      for (const pid of await listeners()) {
        await admin.query("SELECT pg_terminate_backend($1)", [pid]);
        cut.add(pid);
      }
      await writing;
    }
    const total = ROUNDS * NODES * WRITES_EACH;
    await until(haveAll(total));
    expect(cut.size).toBe(ROUNDS * NODES);
    for (const reader of readers) expect(seqs(reader)).toEqual(upTo(total));

    // They listen again: the next event needs no cut to arrive.
    await until(async () => (await listeners()).length === NODES);
    for (const [index, peer] of peers.entries()) {
      await write(peer, `after-${index}`);
      await until(haveAll(total + index + 1));
    }
  });
});
