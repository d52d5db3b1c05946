import { createHash, timingSafeEqual } from "node:crypto";
import type { Principal } from "./principal.ts";

/**
 * Makes the check of the API key that is set in the environment: an admin of the default
 * organisation. Equal-length digests are compared, in constant time.
 * @param apiKey the key, or null when none is set: then nobody passes
 */
export function environmentKey(
  apiKey: string | null,
  orgId: string,
): (candidate: string) => Principal | null {
  if (apiKey === null) return () => null;
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const expected = digest(apiKey);
  const principal: Principal = {
    kind: "api_key",
    id: "environment",
    name: "API key of the environment",
    role: "admin",
    orgId,
    scopes: ["admin"],
    providerEmail: null,
    hideContacts: false,
    session: null,
  };
  return (candidate) => (timingSafeEqual(digest(candidate), expected) ? principal : null);
}
