import { isIP } from "node:net";
import type { AddressPolicy } from "./address-policy.ts";
import { hostOf } from "./checked-lookup.ts";
import type { ResolveHost } from "./resolve-host.ts";

/** How long a name may take to resolve before it is let through, in milliseconds. */
const RESOLVE_DEADLINE = 3_000;

/**
 * Whether the hub would connect to a URL, as far as can be told now: a name that does not resolve
 * within three seconds passes, as every connection is checked again when it is made.
 * The URL parser has already turned decimal, octal, hexadecimal and shortened IPv4 notations into
 * plain ones (WHATWG URL, "IPv4 parser").
 * @returns what of it is refused: the address that it is or resolves to; null for nothing
 */
export async function refusedAddress(
  url: URL,
  policy: AddressPolicy,
  resolve: ResolveHost,
): Promise<string | null> {
  const host = hostOf(url);
  const addresses = isIP(host) === 0 ? await resolveSoon(host, resolve) : [host];
  return addresses.find((address) => !policy.allows(address)) ?? null;
}

async function resolveSoon(host: string, resolve: ResolveHost): Promise<string[]> {
  const { promise: deadline, resolve: giveUp } = Promise.withResolvers<null>();
  const timer = setTimeout(() => giveUp(null), RESOLVE_DEADLINE);
  try {
    const found = await Promise.race([resolve(host), deadline]);
    return (found ?? []).map(({ address }) => address);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
