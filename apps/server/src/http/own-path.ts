/** Longest way back that is kept. */
const MAX_PATH = 500;

/**
 * A place of the hub's own pages, for sending a browser back to: never another site's, whatever
 * is asked for (RFC 9700 §4.11). What is no such place becomes the first page.
 * @param asked a path, with query and fragment if need be
 * @returns it as browsers understand it; it begins with a single slash
 */
export function ownPath(asked: string | undefined): string {
  if (asked === undefined || asked.length > MAX_PATH || !asked.startsWith("/")) return "/";
  const base = "http://hub.invalid";
  if (!URL.canParse(asked, base)) return "/";
  const { origin, pathname, search, hash } = new URL(asked, base);
  const isPage = origin === base && !pathname.startsWith("//") && !/^\/api(\/|$)/i.test(pathname);
  return isPage ? `${pathname}${search}${hash}` : "/";
}
