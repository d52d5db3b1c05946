import { SlotwireError } from "../errors.ts";
import type { AddressPolicy } from "../network/address-policy.ts";
import { hostOf } from "../network/checked-lookup.ts";
import { refusedAddress } from "../network/refused-address.ts";
import type { ResolveHost } from "../network/resolve-host.ts";

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
 */
export async function refusalOf(
  text: string,
  policy: AddressPolicy,
  resolve: ResolveHost,
): Promise<string | null> {
  const url = new URL(text);
  const refused = await refusedAddress(url, policy, resolve);
  if (refused === null) return null;
  const host = hostOf(url);
  return refused === host
    ? `${host} is not public.`
    : `${host} resolves to ${refused}, which is not public.`;
}
