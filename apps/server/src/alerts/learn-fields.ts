import { type Database, system, tenant, type Transaction } from "../db/database.ts";
import { keyPaths } from "../domain/key-paths.ts";
import type { Clock } from "../clock.ts";
import { isWord } from "../domain/views/redact.ts";
import { openAlert } from "./open-alert.ts";

/** Of each kind of message so many are read before a new field is news, … */
const LEARNING_MESSAGES = 20;
/** … and those of the first day, whichever takes longer. Milliseconds. */
const LEARNING_TIME = 24 * 60 * 60 * 1000;
/** Messages of a connection that are read in one transaction. */
const BATCH = 200;
/** At most so many batches of a connection in one run. */
const MAX_BATCHES = 25;
/** What is younger may not be committed in its order yet. Seconds. */
const SETTLED = 10;

interface Source {
  readonly org_id: string;
  readonly id: string;
}

/**
 * Reads which fields the messages of each source have, and opens an alert for those that none had
 * before. Nothing of their values is kept.
 */
export async function learnFields({
  db,
  clock,
}: {
  readonly db: Database;
  readonly clock: Clock;
}): Promise<void> {
  const sources = await db.transaction(system, (tx) =>
    tx.query<Source>("SELECT org_id, id FROM connection WHERE removed_at IS NULL"),
  );
  for (const source of sources) {
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const read = await db.transaction(tenant(source.org_id), (tx) =>
        readBatch(tx, source, clock.now()),
      );
      if (read < BATCH) break;
    }
  }
}

interface Row {
  readonly id: string;
  readonly trigger: string | null;
  readonly body: Uint8Array;
  readonly received_at: Date;
  /** With microseconds, for the next batch. */
  readonly position: string;
}

async function readBatch(tx: Transaction, source: Source, now: Date): Promise<number> {
  const { org_id, id } = source;
  const rows = await tx.query<Row>(
    `SELECT m.id, m.trigger, m.body, m.received_at, m.received_at::text AS position
       FROM inbound_message m
       LEFT JOIN source_reading r ON r.org_id = m.org_id AND r.connection_id = m.connection_id
      WHERE m.org_id = $1 AND m.connection_id = $2
        AND (r.message_id IS NULL OR (m.received_at, m.id) > (r.received_at, r.message_id))
        AND m.received_at < $3::timestamptz - interval '${SETTLED} seconds'
      ORDER BY m.received_at, m.id LIMIT ${BATCH}`,
    [org_id, id, now],
  );
  const last = rows.at(-1);
  if (last === undefined) return 0;
  const byTrigger = new Map<string, Row[]>();
  for (const row of rows) {
    // What is no word may be anything: it is no kind of message that would come again.
    if (row.trigger === null || !isWord(row.trigger)) continue;
    byTrigger.set(row.trigger, [...(byTrigger.get(row.trigger) ?? []), row]);
  }
  for (const [trigger, messages] of byTrigger) await learn(tx, source, trigger, messages);
  await tx.query(
    `INSERT INTO source_reading (org_id, connection_id, received_at, message_id)
       VALUES ($1, $2, $3::timestamptz, $4)
     ON CONFLICT (org_id, connection_id) DO UPDATE
       SET received_at = excluded.received_at, message_id = excluded.message_id`,
    [org_id, id, last.position, last.id],
  );
  return rows.length;
}

async function learn(
  tx: Transaction,
  { org_id, id }: Source,
  trigger: string,
  messages: readonly Row[],
): Promise<void> {
  const about = [org_id, id, trigger];
  const [known] = await tx.query<{ messages: number; first_at: Date }>(
    `SELECT messages, first_at FROM source_trigger
      WHERE org_id = $1 AND connection_id = $2 AND trigger = $3`,
    about,
  );
  const fields = await tx.query<{ path: string }>(
    `SELECT path FROM source_field WHERE org_id = $1 AND connection_id = $2 AND trigger = $3`,
    about,
  );
  const seen = new Set(fields.map(({ path }) => path));
  const firstAt = known?.first_at ?? messages[0]?.received_at ?? new Date(0);
  const unseen = new Map<string, Date>();
  const news: string[] = [];
  let count = known?.messages ?? 0;
  for (const message of messages) {
    const isLearning =
      count < LEARNING_MESSAGES ||
      message.received_at.getTime() - firstAt.getTime() < LEARNING_TIME;
    for (const path of keyPaths(parsed(message.body))) {
      if (seen.has(path)) continue;
      seen.add(path);
      unseen.set(path, message.received_at);
      if (!isLearning) news.push(path);
    }
    count += 1;
  }
  await tx.query(
    `INSERT INTO source_trigger (org_id, connection_id, trigger, messages, first_at)
       VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (org_id, connection_id, trigger) DO UPDATE SET messages = excluded.messages`,
    [...about, count, firstAt],
  );
  await tx.query(
    `INSERT INTO source_field (org_id, connection_id, trigger, path, first_seen_at)
       SELECT $1, $2, $3, * FROM unnest($4::text[], $5::timestamptz[]) ON CONFLICT DO NOTHING`,
    [...about, [...unseen.keys()], [...unseen.values()]],
  );
  const last = messages.at(-1);
  if (news.length === 0 || last === undefined) return;
  await openAlert(tx, {
    orgId: org_id,
    kind: "unknown_fields",
    connectionId: id,
    about: trigger,
    params: { trigger, details: news },
    seenAt: last.received_at,
  });
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return null;
  }
}
