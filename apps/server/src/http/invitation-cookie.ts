import { z } from "zod";
import type { Hub } from "./app.types.ts";
import { type SealedCookie, sealedCookie } from "./sealed-cookie.ts";

/** How long after looking at an invitation one may accept it by OpenID Connect. Milliseconds. */
const LIFETIME = 30 * 60_000;

/**
 * Remembers which invitation a browser looked at last, by the hash of its token: so a person who
 * signs in elsewhere and comes back is known to have come from the link, and the token itself
 * is in no address.
 */
export function invitationCookie(hub: Hub): SealedCookie<string> {
  return sealedCookie(hub, { name: "invitation", lifetime: LIFETIME, schema: z.base64() });
}
