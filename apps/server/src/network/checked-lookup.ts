import type { LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import type { AddressPolicy } from "./address-policy.ts";
import type { ResolveHost } from "./resolve-host.ts";

/** What refuses an address, with the code that `classifyError` knows. */
class AddressRefusedError extends Error {
  readonly code = "SLOTWIRE_ADDRESS_REFUSED";

  constructor(address: string) {
    super(`${address} is not an address that may be sent to`);
  }
}

/** The host of a URL as an address or name: an IPv6 address without its brackets. */
export function hostOf(url: URL): string {
  return url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
}

/**
 * An address in the URL itself is connected to without a look-up: check it here.
 * @throws what the look-up fails with
 */
export function refuseLiteral(url: URL, policy: AddressPolicy): void {
  const host = hostOf(url);
  if (isIP(host) !== 0 && !policy.allows(host)) throw new AddressRefusedError(host);
}

/**
 * The look-up of a connection that may only go to addresses of the policy. A name that resolves to
 * none of them fails with the code `SLOTWIRE_ADDRESS_REFUSED`.
 */
export function checkedLookup(policy: AddressPolicy, resolve: ResolveHost): LookupFunction {
  return (hostname, options, callback) => {
    const answer = async (): Promise<void> => {
      const found = await findAllowed(hostname, policy, resolve);
      if (found instanceof Error) callback(found, "");
      else if (options.all === true) callback(null, found);
      else callback(null, found[0].address, found[0].family);
    };
    void answer();
  };
}

/** The addresses of a name that may be connected to, or why there are none. */
async function findAllowed(
  hostname: string,
  policy: AddressPolicy,
  resolve: ResolveHost,
): Promise<[LookupAddress, ...LookupAddress[]] | Error> {
  try {
    const found = await resolve(hostname);
    const [first, ...others] = found.filter(({ address }) => policy.allows(address));
    if (first !== undefined) return [first, ...others];
    return new AddressRefusedError(found[0]?.address ?? hostname);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
