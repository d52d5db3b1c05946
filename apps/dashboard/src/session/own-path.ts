/**
 * An address of this dashboard, out of what an address says to go to; undefined for all that leads
 * elsewhere. A browser reads `//host` and `/\\host` as another site.
 */
export function ownPath(given: unknown): string | undefined {
  if (typeof given !== "string" || !/^\/(?![/\\])/.test(given)) return undefined;
  if (!URL.canParse(given, "http://here.invalid")) return undefined;
  const { origin, pathname, search } = new URL(given, "http://here.invalid");
  const isOwn = origin === "http://here.invalid" && !pathname.startsWith("//");
  return isOwn && pathname !== "/sign-in" ? `${pathname}${search}` : undefined;
}
