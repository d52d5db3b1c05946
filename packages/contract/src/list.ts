import { z } from "zod";

/** An instant as RFC 3339 in UTC. */
export const instantSchema = z.iso.datetime({ offset: true });

/** Query parameters of every cursor-paginated list. */
export const pageQuerySchema = z.object({
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
