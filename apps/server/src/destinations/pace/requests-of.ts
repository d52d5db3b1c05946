import type { ClaimedRow } from "../queries.ts";

/** One that was refused as part of a batch may be what was wrong: see `sent_alone` in SQL. */
const sentAlone: ReadonlySet<string | null> = new Set(["http_4xx", "rejected"]);

/** What was claimed, by the requests that it goes out in: as few as each destination's batches allow. */
export function requestsOf(rows: readonly ClaimedRow[]): (readonly ClaimedRow[])[] {
  const requests: ClaimedRow[][] = [];
  const open = new Map<string, ClaimedRow[]>();
  for (const row of rows) {
    const isAlone = row.batch_size === 1 || sentAlone.has(row.previous_error);
    const request = isAlone ? undefined : open.get(row.destination_id);
    if (request !== undefined && request.length < row.batch_size) {
      request.push(row);
    } else {
      const started = [row];
      requests.push(started);
      if (!isAlone) open.set(row.destination_id, started);
    }
  }
  return requests;
}
