import { SlotwireError } from "../../errors.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/**
 * Refuses an address of a source's API that the hub would not call.
 * @param url null or absent for the source's own
 * @throws SlotwireError E_SOURCE_ADDRESS for a private one, unless the settings allow it
 * @throws SlotwireError E_VALIDATION for one with a user name or a password
 */
export async function checkApiUrl(
  { refusedSourceAddress }: Pick<ConnectionDeps, "refusedSourceAddress">,
  url: string | null | undefined,
): Promise<void> {
  if (url == null) return;
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") {
    const message = "must not contain a user name or password";
    throw new SlotwireError("E_VALIDATION", { errors: [{ path: "body.api_url", message }] });
  }
  const refused = await refusedSourceAddress(url);
  if (refused === null) return;
  const { hostname } = new URL(url);
  const isIt = hostname.replace(/^\[(.*)\]$/, "$1") === refused;
  const detail = isIt ? `${refused} is not public.` : `${hostname} resolves to ${refused}.`;
  throw new SlotwireError("E_SOURCE_ADDRESS", { detail });
}
