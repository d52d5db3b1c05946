import { z } from "zod";
import { SlotwireError } from "../errors.ts";

/** Where a page ends: the values that the list is ordered by, as text. */
export type Position = readonly string[];

/** The position as an opaque cursor. */
export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/**
 * Reads a cursor that `encodeCursor` made.
 * @param schema of the position, so that a forged cursor cannot reach the database
 * @throws SlotwireError E_CURSOR when it is not one of ours
 */
export function decodeCursor<Schema extends z.ZodType>(
  cursor: string,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(parseOrNull(cursor));
  if (!parsed.success) throw new SlotwireError("E_CURSOR");
  return parsed.data;
}

function parseOrNull(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as unknown;
  } catch {
    return null;
  }
}

/** The position of a list in order of time: an instant with microseconds, and an id. */
export const timePositionSchema = z.tuple([z.iso.datetime(), z.uuid()]);
