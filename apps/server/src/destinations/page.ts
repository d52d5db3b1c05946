/** Where a page of a list by descending id begins, and how long it is. */
export interface PageRequest {
  readonly limit: number;
  /** The last id of the page before; null for the first page. */
  readonly before: string | null;
}

/** A page, and the id behind which the next one begins; null on the last page. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly next: string | null;
}

/** A page from up to `limit + 1` rows: the one too many only tells that there is another page. */
export function pageOf<Row extends { readonly id: string }>(rows: Row[], limit: number): Page<Row> {
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
