import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../apps/server/src/clock.ts";
import { calcomConnector } from "../apps/server/src/connectors/calcom/connector.ts";
import { type Database, type Statement, system } from "../apps/server/src/db/database.ts";
import { migrate } from "../apps/server/src/db/migrate.ts";
import { openPGlite } from "../apps/server/src/db/pglite.ts";
import { uuid7 } from "../apps/server/src/db/uuid7.ts";
import { ledgerSession } from "../apps/server/src/ledger/queries.ts";
import { record } from "../apps/server/src/ledger/record.ts";
import { bookingMessage, emailOf } from "./booking-message.ts";
import { percentile } from "./percentile.ts";

/** What pgbench reached. */
export interface PgbenchResult {
  readonly perSecond: number;
}

/**
 * The limit to measure against: pgbench running the very statements that one webhook runs (look-up
 * and write, prepared, the same rows and the same sizes), without HTTP, signature, JSON or decision.
 * The document is one that the ledger itself wrote, with fresh ids put in.
 */
export async function runPgbench(
  db: Database,
  url: string,
  clients: number,
  seconds: number,
): Promise<PgbenchResult> {
  const args = ["-c", String(clients), "-j", "2", "-T", String(seconds)];
  const { stdout } = await pgbench(db, url, args);
  return { perSecond: Number(/tps = ([\d.]+)/.exec(stdout)?.[1]) };
}

/** How long pgbench's writes take at a steady rate, in milliseconds. */
export interface PgbenchTimes {
  readonly p50: number;
  readonly p99: number;
}

/**
 * The same at a steady rate: what no hub on this server can be faster than. Each counts from when it
 * was due, as in `openLoop`; pgbench draws the moments by chance, with that rate on average.
 */
export async function pgbenchAtRate(
  db: Database,
  url: string,
  perSecond: number,
  seconds: number,
): Promise<PgbenchTimes> {
  const args = ["-c", "16", "-j", "2", "-T", String(seconds), "-R", String(perSecond), "-l"];
  const { log } = await pgbench(db, url, args);
  // client, transaction, microseconds, script, …
  const times = log.map((line) => Number(line.split(" ")[2]) / 1000);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

interface PgbenchRun {
  readonly stdout: string;
  /** A line for each transaction, when `-l` asks for it. */
  readonly log: readonly string[];
}

async function pgbench(db: Database, url: string, args: readonly string[]): Promise<PgbenchRun> {
  const { orgId, connectionId } = await defaultConnection(db);
  const write = await captureWrite(db, orgId, connectionId);
  const uid = `'pgbench-' || :client_id || '-' || :n || '-' || :salt`;
  const script = [
    "\\set n random(1, 9000000000000000)",
    "\\set salt random(1, 9000000000000000)",
    `SELECT ledger_find('${orgId}', '${connectionId}', ${uid}, NULL, ${uid} || '@Cal.com', NULL, NULL, NULL, ${uid} || '@mail.example', NULL);`,
    `SELECT ledger_write('${orgId}', (${sqlText(write, uid)})::jsonb);`,
  ].join("\n");
  const folder = mkdtempSync(join(tmpdir(), "slotwire-pgbench-"));
  try {
    const file = join(folder, "webhook.sql");
    writeFileSync(file, script);
    const { stdout, stderr, status } = spawnSync(
      "pgbench",
      ["-n", "-M", "prepared", ...args, "-f", file, url],
      { encoding: "utf8", cwd: folder },
    );
    if (status !== 0) throw new Error(`pgbench failed: ${stderr}${stdout}`);
    const logs = readdirSync(folder).filter((name) => name.startsWith("pgbench_log."));
    const lines = logs.flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
    return { stdout, log: lines.filter((line) => line !== "") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function defaultConnection(db: Database): Promise<{ orgId: string; connectionId: string }> {
  const rows = await db.transaction(system, (tx) =>
    tx.query<{ org_id: string; id: string }>(
      "SELECT org_id, id FROM connection WHERE kind = 'calcom' ORDER BY created_at LIMIT 1",
    ),
  );
  const row = rows[0];
  if (row === undefined) throw new Error("the hub has no Cal.com connection");
  return { orgId: row.org_id, connectionId: row.id };
}

/** The parts of a captured document that have to be fresh in every write. */
interface Captured {
  readonly document: string;
  readonly uid: string;
  readonly messageId: string;
  readonly dedupeKey: string;
  readonly otherIds: readonly string[];
}

/** Lets the ledger record a webhook of somebody new and keeps the document that it wrote. */
async function captureWrite(db: Database, orgId: string, connectionId: string): Promise<Captured> {
  const uid = `captured-${uuid7()}`;
  const messageId = uuid7();
  const dedupeKey = createHash("sha256").update(uid).digest("hex");
  const { body } = bookingMessage(uid);
  const receivedAt = systemClock.now();
  const context = { receivedAt, timeZone: "UTC", settings: {}, headers: {} };
  const understood = calcomConnector.interpret(JSON.parse(body), context);
  if (understood.outcome !== "change") throw new Error("the message was not understood");
  let document = "";
  const spy: Database = {
    ...db,
    query: (statement: Statement | string, values?: readonly unknown[]) => {
      const name = typeof statement === "string" ? "" : statement.name;
      if (name === "ledger_write") document = String(values?.[1]);
      return db.query(statement, values);
    },
  };
  const nobody = { signal: () => {}, on: () => () => {}, close: () => Promise.resolve() };
  const result = await record(
    { db: spy, clock: systemClock, wake: nobody },
    {
      orgId,
      sourceKind: "calcom",
      change: {
        ...understood.change,
        bookingId: null,
        connectionId,
        backfill: false,
        actor: { kind: "connection", id: connectionId, name: "Cal.com", mayCorrect: false },
      },
      message: {
        id: messageId,
        connectionId,
        dedupeKey,
        trigger: "BOOKING_CREATED",
        summary: understood.summary,
        warning: null,
        signatureState: "valid",
        headers: { "content-type": "application/json" },
        body: Buffer.from(body),
        receivedAt,
      },
    },
  );
  const ids = /"(?:booking|event|customer)":\{"id":"([^"]+)"/g;
  const otherIds = [...document.matchAll(ids)].flatMap((match) => match[1] ?? []);
  if (result.action !== "created" || otherIds.length !== 3) throw new Error("nothing was captured");
  return { document, uid, messageId, dedupeKey, otherIds };
}

/** The document as an SQL expression that puts fresh ids in. */
function sqlText(captured: Captured, uid: string): string {
  let literal = captured.document.replaceAll("'", "''").replaceAll(":", "\u0001");
  // An id may occur more than once, and is the same wherever it does.
  for (const [no, id] of [captured.messageId, ...captured.otherIds].entries()) {
    literal = literal.replaceAll(id, `' || CAST(md5('${no}' || ${uid}) AS uuid) || '`);
  }
  literal = literal
    .replaceAll(captured.dedupeKey, `' || md5(${uid}) || md5('x' || ${uid}) || '`)
    .replaceAll(captured.uid, `' || ${uid} || '`);
  // pgbench takes a colon before a letter for a variable, even inside a literal.
  return `'${literal.replaceAll("\u0001", "' || chr(58) || '")}'`;
}

/**
 * The limit of the embedded engine: look-up and write of one webhook after the other, synced to
 * disk, without HTTP, signature and decision.
 * @returns webhooks per second
 */
export async function runEmbedded(seconds: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "slotwire-engine-"));
  const db = await openPGlite(folder);
  try {
    await migrate(db);
    const orgId = uuid7();
    const connectionId = uuid7();
    await db.transaction(system, async (tx) => {
      const organisation = { id: orgId, slug: "bench", name: "Benchmark", time_zone: "UTC" };
      await tx.kysely.insertInto("organisation").values(organisation).execute();
      const connection = { org_id: orgId, id: connectionId, kind: "calcom", name: "Cal.com" };
      await tx.kysely
        .insertInto("connection")
        .values({ ...connection, origin: "user" })
        .execute();
    });
    const captured = await captureWrite(db, orgId, connectionId);
    const session = ledgerSession(db, orgId);
    let count = 0;
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const uid = `engine-${(count += 1)}`;
      const ofBooking = { connection_id: connectionId, previous_uid: null, booking_id: null };
      const ofCustomer = { customer: null, subject: null, email: emailOf(uid), phone: null };
      await session.find([{ ...ofBooking, ...ofCustomer, uid, ical_uid: `${uid}@Cal.com` }]);
      await session.write([freshDocument(captured, uid)]);
    }
    return count / seconds;
  } finally {
    await db.close();
    rmSync(folder, { recursive: true });
  }
}

/** The captured document with fresh ids put in. */
function freshDocument(captured: Captured, uid: string): object {
  const dedupeKey = createHash("sha256").update(uid).digest("hex");
  let text = captured.document
    .replaceAll(captured.dedupeKey, dedupeKey)
    .replaceAll(captured.uid, uid);
  for (const id of [captured.messageId, ...captured.otherIds]) text = text.replaceAll(id, uuid7());
  return JSON.parse(text) as object;
}
