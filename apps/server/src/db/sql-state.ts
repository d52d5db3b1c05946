/** The SQLSTATE of a database error, or null for any other error. Both engines set `code`. */
export function sqlStateOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  const { code } = error;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** SQLSTATE of a value that another row has already. */
export const UNIQUE_VIOLATION = "23505";
