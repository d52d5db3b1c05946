import { isIP } from "node:net";
import { SlotwireError } from "../errors.ts";
import type { AddressPolicy } from "../network/address-policy.ts";
import { hostOf } from "../network/checked-lookup.ts";
import type { ResolveHost } from "../network/resolve-host.ts";

/** How long a new destination waits for its name to resolve, in milliseconds. */
const RESOLVE_DEADLINE = 3_000;

/**
 * Refuses a URL that points into a private network.
 * @throws SlotwireError E_DESTINATION_ADDRESS when it is, or resolves to, an address that the
 *   policy does not allow
 * @throws SlotwireError E_VALIDATION when the URL carries a user name or password
 */
export async function checkAddress(
  text: string,
  policy: AddressPolicy,
  resolve: ResolveHost,
): Promise<void> {
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    const message = "must not contain a user name or password";
    throw new SlotwireError("E_VALIDATION", { errors: [{ path: "body.url", message }] });
  }
  const detail = await refusalOf(text, policy, resolve);
  if (detail !== null) throw new SlotwireError("E_DESTINATION_ADDRESS", { detail });
}

/**
 * Says why the hub does not connect to a URL: it is, or resolves to, an address that the policy does
 * not allow. Null when it does. A name that does not resolve now is let through: every send checks
 * the address that it connects to.
 *
 * The URL parser has already turned decimal, octal, hexadecimal and shortened IPv4 notations into
 * plain ones (WHATWG URL, "IPv4 parser").
 */
export async function refusalOf(
  text: string,
  policy: AddressPolicy,
  resolve: ResolveHost,
): Promise<string | null> {
  const host = hostOf(new URL(text));
  const addresses = isIP(host) === 0 ? await addressesOf(host, resolve) : [host];
  const refused = addresses.find((address) => !policy.allows(address));
  if (refused === undefined) return null;
  return refused === host
    ? `${host} is not public.`
    : `${host} resolves to ${refused}, which is not public.`;
}

async function addressesOf(host: string, resolve: ResolveHost): Promise<string[]> {
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
