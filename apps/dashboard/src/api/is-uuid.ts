/** Whether something is the text of a UUID. */
export function isUuid(id: unknown): boolean {
  return typeof id === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id);
}
