import { isIP } from "node:net";

/**
 * Whether a page of this origin is the hub's own: one of PUBLIC_URL. A hub whose address is this very
 * machine (none is set, as a rule) is also asked for by the machine's other names and through a
 * development server: then the host that was asked for counts, but no name that DNS could have
 * pointed here.
 * @param host what the request names as its host
 */
export function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const own = new URL(publicUrl);
  const asked = new URL(origin);
  if (asked.origin === own.origin) return origin === own.origin;
  const isHere = isThisMachine(own.hostname) && asked.protocol === own.protocol;
  return isHere && asked.host === host && isNoDnsName(asked.hostname);
}

const isThisMachine = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.[\d.]+$/.test(hostname);

const isNoDnsName = (hostname: string): boolean =>
  hostname === "localhost" || isIP(hostname.replace(/^\[(.*)\]$/, "$1")) !== 0;
