import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { type Database, type Queryable, system } from "./database.ts";
import type { KeyRing } from "./secret-box.ts";

/** How often a process says that it runs, in milliseconds. */
const BEAT = 30_000;
/** How long one that says nothing is still taken for running, and when its row may go. */
const SEEN_WITHIN = "2 minutes";
const FORGET_AFTER = "1 day";

/** A process that serves on this database. */
export interface HubProcess {
  /** Its machine and process number. */
  readonly name: string;
  readonly startedAt: Date;
}

/**
 * Says until it is stopped that this process runs, and which master keys it knows.
 * @param onError what to do when it could not be said; it is said again at the next beat
 */
export async function announceProcess(
  db: Database,
  ring: KeyRing,
  onError: (error: unknown) => void,
): Promise<{ stop(): Promise<void> }> {
  const id = randomUUID();
  const say = (): Promise<unknown> => db.transaction(system, (tx) => beat(tx, id, ring));
  await say();
  let latest: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    latest = say().catch(onError);
  }, BEAT);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await latest;
      await db
        .transaction(system, (tx) => tx.query("DELETE FROM hub_process WHERE id = $1", [id]))
        .catch(onError);
    },
  };
}

async function beat(tx: Queryable, id: string, { newest, older }: KeyRing): Promise<void> {
  const keyIds = [newest, ...older].map((mark) => mark.toString("hex"));
  await tx.query(
    `INSERT INTO hub_process (id, name, key_ids) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
    [id, `${hostname()}, process ${process.pid}`, keyIds],
  );
  await tx.query("DELETE FROM hub_process WHERE seen_at < now() - $1::interval", [FORGET_AFTER]);
}

/** The running processes that do not know the newest key of the ring, the oldest first. */
export async function processesWithout(db: Database, ring: KeyRing): Promise<HubProcess[]> {
  const rows = await db.transaction(system, (tx) =>
    tx.query<{ name: string; started_at: Date }>(
      `SELECT name, started_at FROM hub_process
        WHERE seen_at > now() - $1::interval AND NOT $2 = ANY (key_ids)
        ORDER BY started_at, id`,
      [SEEN_WITHIN, ring.newest.toString("hex")],
    ),
  );
  return rows.map(({ name, started_at: startedAt }) => ({ name, startedAt }));
}
