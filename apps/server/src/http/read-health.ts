import type { Health } from "@slotwire/contract";
import { system } from "../db/database.ts";
import { opensStored } from "../db/key-check.ts";
import { isMigrated } from "../db/migrate.ts";
import type { Hub } from "./app.types.ts";

/** Work that is overdue for longer than this, in seconds, makes the hub `degraded`. */
const LATE = 300;

interface Ages {
  readonly schedule: number | null;
  readonly message: number | null;
  readonly delivery: number | null;
  readonly command: number | null;
}

/** Reads the state of each part. Never throws: what cannot be read is reported as not ok. */
export async function readHealth(hub: Hub): Promise<Health> {
  const ages = await readAges(hub);
  const migrated = ages !== null && (await isMigrated(hub.db).catch(() => false));
  const secretsOk = migrated && (await opensStored(hub.db, hub.secretBox).catch(() => false));
  const overdue = ages?.schedule ?? null;
  const workerOk =
    ages !== null &&
    (overdue ?? 0) < LATE &&
    (ages.delivery ?? 0) < LATE &&
    (ages.command ?? 0) < LATE;
  return {
    status: migrated && secretsOk ? (workerOk ? "ok" : "degraded") : "down",
    database: { ok: ages !== null, migrated, engine: hub.db.engine },
    secrets: { ok: secretsOk },
    worker: {
      enabled: hub.config.roles.has("worker"),
      ok: workerOk,
      overdue_schedule_seconds: overdue,
    },
    inbox: { last_message_age_seconds: ages?.message ?? null },
    deliveries: { oldest_due_seconds: ages?.delivery ?? null },
    commands: { oldest_due_seconds: ages?.command ?? null },
  };
}

/** Each of them is read from the end of an index. */
async function readAges({ db, clock }: Hub): Promise<Ages | null> {
  try {
    const [ages] = await db.transaction(system, (tx) =>
      tx.query<Ages>(
        `SELECT extract(epoch FROM $1::timestamptz - (
                  SELECT min(next_run_at) FROM schedule WHERE next_run_at < $1))::float8 AS schedule,
                extract(epoch FROM $1::timestamptz - (
                  SELECT max(latest.received_at)
                    FROM organisation o CROSS JOIN LATERAL (
                      SELECT m.received_at FROM inbound_message m WHERE m.org_id = o.id
                       ORDER BY m.received_at DESC LIMIT 1) latest))::float8 AS message,
                extract(epoch FROM $1::timestamptz - (
                  SELECT min(due.next_attempt_at)
                    FROM destination d CROSS JOIN LATERAL (
                      SELECT w.next_attempt_at FROM delivery w
                       WHERE w.org_id = d.org_id AND w.destination_id = d.id
                         AND w.next_attempt_at < $1
                         -- One that waits for an earlier delivery of its booking is not late.
                         AND NOT EXISTS (
                           SELECT FROM delivery earlier
                            WHERE earlier.org_id = w.org_id
                              AND earlier.destination_id = w.destination_id
                              AND earlier.booking_id = w.booking_id
                              AND earlier.booking_version < w.booking_version
                              AND earlier.status IN ('pending', 'sending', 'retrying'))
                       ORDER BY w.next_attempt_at LIMIT 1) due
                   WHERE d.status = 'active' AND d.deleted_at IS NULL))::float8 AS delivery,
                extract(epoch FROM $1::timestamptz - (
                  SELECT min(next_attempt_at) FROM command
                   WHERE next_attempt_at < $1))::float8 AS command`,
        [clock.now()],
      ),
    );
    return ages ?? null;
  } catch {
    return null;
  }
}
