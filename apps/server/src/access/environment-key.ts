import type { ApiKeyResource } from "@slotwire/contract";
import { sameSecret } from "../same-secret.ts";
import type { Principal } from "./principal.ts";

/** What the environment's key is called where others have a UUID. */
export const ENVIRONMENT_KEY_ID = "environment";
/** By what name people know it. */
export const ENVIRONMENT_KEY_NAME = "API key of the environment";

/**
 * Makes the check of the API key that is set in the environment: an admin of the default
 * organisation.
 * @param apiKey the key, or null when none is set: then nobody passes
 */
export function environmentKey(
  apiKey: string | null,
  orgId: string,
): (candidate: string) => Principal | null {
  if (apiKey === null) return () => null;
  const principal: Principal = {
    kind: "api_key",
    id: ENVIRONMENT_KEY_ID,
    name: ENVIRONMENT_KEY_NAME,
    role: "admin",
    orgId,
    scopes: null,
    providerEmail: null,
    hideContacts: false,
    session: null,
  };
  return (candidate) => (sameSecret(candidate, apiKey) ? principal : null);
}

/** The environment's key in the list of keys. Nothing of the key itself is in it. */
export const environmentKeyResource: ApiKeyResource = {
  id: ENVIRONMENT_KEY_ID,
  name: ENVIRONMENT_KEY_NAME,
  kind: "secret",
  prefix: "SLOTWIRE_API_KEY",
  role: "admin",
  scopes: ["admin"],
  allowed_ranges: null,
  allowed_origins: null,
  requests_per_minute: null,
  origin: "environment",
  expires_at: null,
  last_used_at: null,
  last_used_address: null,
  created_by: null,
  created_by_key: null,
  created_at: null,
};
