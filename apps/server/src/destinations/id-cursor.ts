import type { List } from "@slotwire/contract";
import { SlotwireError } from "../errors.ts";

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id behind which a page begins; null for the first page.
 * @throws SlotwireError E_CURSOR when the cursor is not one of ours
 */
export function idFromCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!uuidPattern.test(cursor)) throw new SlotwireError("E_CURSOR");
  return cursor;
}

/** A page from up to `limit + 1` rows: the one too many only tells that there is another page. */
export function pageOf<Row extends { readonly id: string }>(rows: Row[], limit: number): List<Row> {
  const data = rows.slice(0, limit);
  return { data, next_cursor: rows.length > limit ? (data.at(-1)?.id ?? null) : null };
}
