import pg from "pg";

const CHANNEL = "bench_floor";

/**
 * What no hub on this server can be faster than: a row is written and told of by NOTIFY in one
 * transaction, synced to disk, and another connection hears of it.
 * @returns for each row, the milliseconds from before its transaction to the hearing
 */
export async function notifyFloor(
  url: string,
  perSecond: number,
  seconds: number,
): Promise<readonly number[]> {
  const [writer, listener] = [new pg.Client(url), new pg.Client(url)];
  await Promise.all([writer.connect(), listener.connect()]);
  const times: number[] = [];
  try {
    await writer.query("CREATE TABLE bench_floor (n int, body text)");
    listener.on("notification", ({ payload }) => {
      times.push(performance.now() - Number(payload));
    });
    await listener.query(`LISTEN ${CHANNEL}`);
    const started = performance.now();
    for (let n = 0; n < perSecond * seconds; n += 1) {
      const wait = started + (n * 1000) / perSecond - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      // One message of the protocol, so that the way there and back is taken once.
      await writer.query(
        `BEGIN;
         INSERT INTO bench_floor VALUES (${n}, repeat('x', 2000));
         SELECT pg_notify('${CHANNEL}', '${performance.now()}');
         COMMIT`,
      );
    }
    await listener.query("SELECT");
    await writer.query("DROP TABLE bench_floor");
  } finally {
    await Promise.all([writer.end(), listener.end()]);
  }
  return times;
}
