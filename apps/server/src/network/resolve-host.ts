import { lookup, type LookupAddress } from "node:dns";

/** Finds the addresses of a host name. Fails with a system error (`ENOTFOUND` …). */
export type ResolveHost = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * Resolves by the system, as every other program on the machine does. A name that is being looked
 * up is not looked up again: look-ups share four threads, and one dead name server would otherwise
 * keep all of them from everybody else.
 */
export function createSystemResolver(): ResolveHost {
  const running = new Map<string, Promise<readonly LookupAddress[]>>();
  return (hostname) => {
    const known = running.get(hostname);
    if (known !== undefined) return known;
    const started = lookUp(hostname).finally(() => running.delete(hostname));
    running.set(hostname, started);
    return started;
  };
}

function lookUp(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}
