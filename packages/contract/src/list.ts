import { z } from "zod";

/** An instant as RFC 3339 in UTC. */
export const instantSchema = z.iso.datetime({ offset: true, abort: true });

/** The first and the last instant that every part of the hub can store and write down. */
const FIRST_INSTANT = Date.parse("0001-01-02T00:00:00Z");
const LAST_INSTANT = Date.parse("9999-12-30T00:00:00Z");

/** An instant that somebody sends, with any offset. */
export const instantInputSchema = instantSchema.refine((text) => {
  const time = Date.parse(text);
  return time >= FIRST_INSTANT && time <= LAST_INSTANT;
}, "Not an instant of the years 1 to 9999.");

/**
 * Query parameters of every cursor-paginated list. Others are refused: a misspelt filter would list
 * everything.
 */
export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

export type PageQuery = z.infer<typeof pageQuerySchema>;

/** The envelope of every list: rows and the cursor of the next page, or null on the last one. */
export const listOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ data: z.array(row), next_cursor: z.string().nullable() });

/** The envelope of every list, as a type. */
export interface List<Row> {
  data: Row[];
  next_cursor: string | null;
}
