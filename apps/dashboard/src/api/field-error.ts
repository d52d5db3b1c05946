import { problemOf } from "./problem-of.ts";

/**
 * What the hub says is wrong with one field of a form, in words.
 * @param error what the call threw, or null
 * @param field its name in the body, like `expires_at`
 */
export function fieldError(error: unknown, field: string): string | undefined {
  if (error === null || error === undefined) return undefined;
  return problemOf(error).errors?.find(({ path }) => path.split(/[./]/).includes(field))?.message;
}
